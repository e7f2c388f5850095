/// What a client program said when it ended badly, without the rows it quotes: complaints get into logs and manifests.
package struct ProgramComplaint: Error, Sendable, Equatable, CustomStringConvertible {
    /// The first lines, for people.
    package let description: String
    /// Whether psql was kept from a command of its own.
    let isOfMetaCommand: Bool
    /// Whether the file is at fault: a statement that the server refused, an archive that cannot be read. Not a server that is gone, a disk.
    package let isOfFile: Bool

    init(_ text: String, of program: String) {
        let lines = Self.discreet(text).prefix(5).joined(separator: "; ")
        description = lines.isEmpty ? "without a word" : lines
        let isOfHost = Self.hostWords.contains(where: text.contains)
        isOfFile = !isOfHost && (text.contains("ERROR:") || Self.readers.contains { text.contains($0 + ": ") })
        isOfMetaCommand = program == "psql" && text.contains("error: backslash commands are restricted")
    }

    /// What fails in reading has read the file.
    private static let readers = ["pg_restore: error", "zcat", "gzip", "zstdcat", "zstd"]
    private static let hostWords = [
        "FATAL:", "PANIC:", "server closed the connection", "connection to server", "out of memory", "out of shared memory",
        "canceling statement due to", "Input/output error", "Permission denied", "command not found", "No such file",
    ]

    /// What begins a quotation of rows or of a statement, which may hold rows.
    private static let quotations = ["DETAIL:", "CONTEXT:", "QUERY:", "STATEMENT:", "LINE ", "Command was:"]
    private static let speakers = ["psql:", "pg_restore:", "zcat:", "zstdcat:", "gzip:", "zstd:", "HINT:"]

    /// The lines but for quotations, which may go over several.
    private static func discreet(_ text: String) -> [String] {
        var isQuotation = false
        return text.split(separator: "\n").compactMap { line in
            if quotations.contains(where: line.hasPrefix) { isQuotation = true }
            if speakers.contains(where: line.hasPrefix) { isQuotation = false }
            guard !isQuotation else { return nil }
            let spoken = RowPrivacy.withoutValues(String(line))
            isQuotation = spoken.isCut
            return spoken.text
        }
    }
}

/// Takes values out of what a server says of them.
enum RowPrivacy {
    /// `invalid input syntax for type integer: "…"`.
    /// - Returns: also whether the value goes on in the next line.
    static func withoutValues(_ message: String) -> (text: String, isCut: Bool) {
        let sayings = ["invalid input ", "malformed ", "out of range", "invalid value ", "date/time field", "invalid token", "is invalid"]
        guard sayings.contains(where: message.contains), let start = message.firstIndex(of: "\"") else { return (message, false) }
        let pieces = message[start...].split(separator: "\"", omittingEmptySubsequences: false)
        let hidden = pieces.enumerated().map { $0.offset % 2 == 1 ? "…" : String($0.element) }.joined(separator: "\"")
        return (message[..<start] + hidden, pieces.count % 2 == 0)
    }
}
