/// What stands in the extra field of a member: two letters, a length, a content (RFC 1952, 2.3.1.1).
struct Subfield {
    var id: ID
    var content: [UInt8]

    enum ID: String {
        /// The whole length of the member in bytes, header and trailer included: UInt32. Stands first in every member.
        case length = "CL"
        /// Zeros up to the next alignment boundary.
        case padding = "CP"
        /// A piece of the compressed index document.
        case indexPage = "CI"
        /// The closing record.
        case closing = "CE"

        var bytes: [UInt8] { Array(rawValue.utf8) }
    }

    /// Letters and length, before the content.
    static let headBytes = 4

    /// The most content that leaves room for the length subfield in an extra field (XLEN <= 65,535).
    static let maxContentBytes = 65_000

    var bytes: [UInt8] {
        id.bytes + [UInt8](littleEndian: UInt16(content.count)) + content
    }

    static func length(_ memberBytes: UInt32) -> Self {
        Self(id: .length, content: [UInt8](littleEndian: memberBytes))
    }

    static let lengthBytes = headBytes + 4
}
