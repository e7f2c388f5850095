import FoundationEssentials
import XMLCoder

/// Reads the documents of S3. What is not the document that was expected is an error, however well formed: the decoder itself would take an HTML page
/// for a listing of nothing.
enum S3XML {
    /// What was expected, and how what came begins.
    struct Unexpected: Error, CustomStringConvertible {
        let description: String
    }

    static func decode<Document: Decodable>(_ type: Document.Type, root: String..., from bytes: [UInt8]) throws -> Document {
        try decode(type, anyOf: root, from: bytes)
    }

    /// - Parameter root: S3's name of the root, and those of other servers.
    static func decode<Document: Decodable>(_ type: Document.Type, anyOf root: [String], from bytes: [UInt8]) throws -> Document {
        let text = bytes.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
        guard let name = rootName(of: text), root.contains(name) else {
            let begin = String(decoding: text.prefix(80), as: UTF8.self).split(whereSeparator: \.isNewline).joined(separator: " ")
            throw Unexpected(
                description: begin.isEmpty ? "\(root[0]) was expected and nothing came" : "\(root[0]) was expected, not “\(begin)”")
        }
        let decoder = XMLDecoder()
        decoder.keyDecodingStrategy = .convertFromCapitalized
        do {
            return try decoder.decode(type, from: Data(text))
        } catch {
            throw Unexpected(description: "the \(name) that came is damaged")
        }
    }

    /// The first element's name, behind the declaration and comments.
    static func rootName(of bytes: ArraySlice<UInt8>) -> String? {
        let text = String(decoding: bytes.prefix(4096), as: UTF8.self)
        for piece in text.split(separator: "<", omittingEmptySubsequences: true) {
            if piece.first == "?" || piece.first == "!" { continue }
            let name = piece.prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" }
            return name.isEmpty ? nil : String(name)
        }
        return nil
    }
}
