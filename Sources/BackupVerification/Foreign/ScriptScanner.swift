import Glibc

/// Reads a dump script line by line for its frame: header, COPY blocks, trailer. Memory does not grow with the script or its lines.
struct ScriptScanner {
    /// Tables met so far; COPY blocks of one table that follow one another count as one.
    private(set) var tables = 0
    private(set) var rows: Int64 = 0
    private(set) var textBytes: Int64 = 0
    /// The table whose block is open.
    private(set) var table: String?
    /// Rows so far of the table whose block was met last.
    private(set) var rowsOfTable: Int64 = 0

    private var header: Frame?
    private var trailer: Frame?
    private var isAfterTrailer = false
    private var lastTable: String?
    /// Whether a COPY statement may come: a function's text that holds one is not taken for it.
    private var copyMayFollow = CopyMayFollow.no
    private var line: [UInt8] = []
    private var lineBytes = 0

    private enum Frame: String {
        case database = "-- PostgreSQL database dump"
        case cluster = "-- PostgreSQL database cluster dump"
    }

    private enum CopyMayFollow {
        case no
        /// A block or a whole section has ended: in this system's own scripts another block may follow at once.
        case atOnce
        /// pg_dump announced the data of a table in a comment, or a COPY statement has begun.
        case yes
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
        copyMayFollow = .atOnce
    }

    private mutating func takeScriptLine() {
        guard !line.isEmpty else { return }
        expectCopy()
        if copyMayFollow == .yes, line.ends(with: " FROM stdin;") { return beginCopy() }
        let text = line.count < 100 ? String(decoding: line, as: UTF8.self) : ""
        if header == nil { header = Frame(rawValue: text) }
        if text.hasSuffix(" complete"), let frame = Frame(rawValue: String(text.dropLast(" complete".count))) {
            trailer = frame
            isAfterTrailer = false
            copyMayFollow = .atOnce
        } else if trailer == header, text != "--", !text.hasPrefix("\\unrestrict ") {
            isAfterTrailer = true
        }
    }

    private mutating func expectCopy() {
        if line.starts(with: "-- Data for Name: ".utf8) || (copyMayFollow == .atOnce && line.starts(with: "COPY ".utf8)) {
            copyMayFollow = .yes
        } else if copyMayFollow == .atOnce, !line.starts(with: "--".utf8), !line.starts(with: "\\unrestrict ".utf8) {
            copyMayFollow = .no
        }
    }

    private mutating func beginCopy() {
        copyMayFollow = .no
        isAfterTrailer = true
        table = line.withUnsafeBytes { CopyTarget.name(in: $0) } ?? "a table whose name spans lines"
        guard table != lastTable else { return }
        lastTable = table
        tables += 1
        rowsOfTable = 0
    }
}

extension [UInt8] {
    fileprivate func ends(with text: String) -> Bool { suffix(text.utf8.count).elementsEqual(text.utf8) }
}
