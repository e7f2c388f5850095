import Glibc

/// Reads a dump script line by line for its frame: header, COPY blocks, trailer. Memory does not grow with the script or its lines.
struct ScriptScanner {
    /// COPY blocks met so far.
    private(set) var tables = 0
    private(set) var rows: Int64 = 0
    private(set) var textBytes: Int64 = 0
    /// The table whose block is open.
    private(set) var table: String?
    /// Rows of that block so far.
    private(set) var rowsOfTable: Int64 = 0

    private var header: Frame?
    private var trailer: Frame?
    private var isAfterTrailer = false
    /// pg_dump announces the data of a table in a comment; a function's text that holds COPY is not taken for it.
    private var expectsCopy = false
    private var line: [UInt8] = []
    private var lineBytes = 0

    private enum Frame: String {
        case database = "-- PostgreSQL database dump"
        case cluster = "-- PostgreSQL database cluster dump"
    }

    /// More of a line is not kept: what is looked for is shorter, or is a COPY statement.
    private static let keptLineBytes = 1 << 20

    mutating func scan(_ text: UnsafeRawBufferPointer) {
        textBytes += Int64(text.count)
        var start = 0
        while start < text.count, let base = text.baseAddress {
            let found = memchr(base + start, 0x0a, text.count - start)
            let end = found.map { UnsafeRawPointer($0) - base } ?? text.count
            take(UnsafeRawBufferPointer(rebasing: text[start..<end]), isWhole: found != nil)
            start = end + 1
        }
    }

    /// Ends the script: one sentence for each thing that is wrong with it.
    mutating func finish() -> [String] {
        if lineBytes > 0 { endLine(UnsafeRawBufferPointer(start: nil, count: 0)) }
        var findings: [String] = []
        if header == nil { findings.append("the script does not begin as a PostgreSQL dump") }
        if let table { findings.append("the COPY block of \(table) is not closed: the script ends inside it") }
        if trailer == nil || trailer != header {
            findings.append("the script has no \"dump complete\" trailer: it was cut off")
        } else if isAfterTrailer {
            findings.append("text follows the \"dump complete\" trailer")
        }
        return findings
    }

    private mutating func take(_ piece: UnsafeRawBufferPointer, isWhole: Bool) {
        lineBytes += piece.count
        if isWhole { return endLine(piece) }
        line.append(contentsOf: piece.prefix(Self.keptLineBytes - line.count))
    }

    private mutating func endLine(_ rest: UnsafeRawBufferPointer) {
        defer {
            line.removeAll(keepingCapacity: true)
            lineBytes = 0
        }
        if table != nil { return takeRow(rest) }
        line.append(contentsOf: rest.prefix(Self.keptLineBytes - line.count))
        takeScriptLine()
    }

    private mutating func takeRow(_ rest: UnsafeRawBufferPointer) {
        guard lineBytes == 2, (line + rest).elementsEqual("\\.".utf8) else {
            rowsOfTable += 1
            rows += 1
            return
        }
        table = nil
    }

    private mutating func takeScriptLine() {
        guard !line.isEmpty else { return }
        if expectsCopy, line.ends(with: " FROM stdin;") { return beginCopy() }
        if line.starts(with: "-- Data for Name: ".utf8) || line.starts(with: "-- Data Pos: ".utf8) { expectsCopy = true }
        let text = line.count < 100 ? String(decoding: line, as: UTF8.self) : ""
        if header == nil { header = Frame(rawValue: text) }
        if let frame = Frame(rawValue: String(text.dropLast(" complete".count))), text.hasSuffix(" complete") {
            trailer = frame
            isAfterTrailer = false
        } else if trailer == header, text != "--", !text.hasPrefix("\\unrestrict ") {
            isAfterTrailer = true
        }
    }

    private mutating func beginCopy() {
        expectsCopy = false
        tables += 1
        rowsOfTable = 0
        table = line.withUnsafeBytes { CopyTarget.name(in: $0) } ?? "a table whose name spans lines"
    }
}

extension [UInt8] {
    fileprivate func ends(with text: String) -> Bool { suffix(text.utf8.count).elementsEqual(text.utf8) }
}
