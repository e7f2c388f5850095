/// Reads a header as strictly as the specification asks: what is not spelled exactly so is refused.
struct AgeHeaderReader {
    /// Why bytes are no header.
    enum Fault: Error, Equatable {
        /// More bytes are needed.
        case incomplete
        case malformed(String)
    }

    private var rest: ArraySlice<UInt8>

    /// - Returns: the header and its length in bytes.
    static func read(_ bytes: [UInt8]) throws(Fault) -> (header: AgeHeader, length: Int) {
        var reader = AgeHeaderReader(rest: bytes[...])
        guard bytes.starts(with: Array(AgeHeader.version.utf8).prefix(bytes.count)) else { throw .malformed(kind(of: bytes)) }
        guard try reader.line() == AgeHeader.version else { throw .malformed("it is of another version of the format") }
        var stanzas: [AgeStanza] = []
        while true {
            let line = try reader.line()
            if line.hasPrefix("-> ") {
                stanzas.append(try reader.stanza(line))
            } else {
                guard !stanzas.isEmpty else { throw .malformed("its header names no recipient") }
                return (AgeHeader(stanzas: stanzas, mac: try mac(line)), reader.rest.startIndex)
            }
        }
    }

    private static func kind(of bytes: [UInt8]) -> String {
        if bytes.starts(with: Array("-----BEGIN AGE".utf8)) { return "it is armored; take that off with `age -d`" }
        return bytes.starts(with: Array("age-encryption.org/".utf8)) ? "it is of another version of the format" : "it has no age header"
    }

    private static func mac(_ line: String) throws(Fault) -> [UInt8] {
        guard line.hasPrefix("--- "), let mac = AgeBase64.decode(line.dropFirst(4)), mac.count == 32 else {
            throw .malformed("its header does not end with a MAC")
        }
        return mac
    }

    private mutating func stanza(_ line: String) throws(Fault) -> AgeStanza {
        let arguments = line.dropFirst(3).split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        guard arguments.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { (33...126).contains($0) } }) else {
            throw .malformed("its header has a recipient with a wrong argument")
        }
        var body: [UInt8] = []
        while true {
            let line = try self.line()
            guard line.utf8.count <= AgeStanza.columns, let bytes = AgeBase64.decode(line) else {
                throw .malformed("its header has a recipient with a wrong body")
            }
            body += bytes
            if line.utf8.count < AgeStanza.columns { return AgeStanza(arguments: arguments, body: body) }
        }
    }

    private mutating func line() throws(Fault) -> String {
        guard let end = rest.firstIndex(of: UInt8(ascii: "\n")) else { throw .incomplete }
        defer { rest = rest[(end + 1)...] }
        guard let line = String(validating: rest[..<end], as: Unicode.ASCII.self) else { throw .malformed("its header is no text") }
        return line
    }
}
