import BackupModel
import DumpFormat

/// Goes through a dump whose index is not there, from its beginning, and tells how far it is whole.
struct MemberWalk {
    private let scan: MemberScan?
    private let progress: ProgressSink
    /// Where a closing member ends, if one was met: what follows does not belong to the dump.
    private(set) var endOfDump: Int64?
    private var findings: [Finding] = []
    private var table: String?
    private var rows: Int64 = 0
    private var members = 0
    private var textBytes: Int64 = 0
    private var position: Int64 = 0

    init(request: FileVerification, byteCount: Int64) async throws {
        let file = request.file
        let head = try await file.read(at: 0, count: Int(min(byteCount, 32)))
        progress = request.progress
        scan = DumpReader.container(beginning: head).map { container in
            MemberScan(0..<byteCount, container: container) { try await file.read(at: $0, count: $1) }
        }
    }

    func run() async throws -> MemberWalk {
        var walk = self
        while let piece = try await scan?.next() { walk.take(piece) }
        return walk
    }

    func report(to verdict: inout Verdict) {
        verdict.textBytes = textBytes
        verdict.findings += findings
        verdict.findings.append(
            Finding(
                "without an index only \(members.counted("whole member")) could be found; what should follow is not known",
                table: table, rows: table == nil ? nil : .init(from: rows, to: nil), offsets: .init(from: position, to: nil)
            )
        )
        verdict.notProved.append("nothing is missing: the index that would say so is not there")
    }

    private mutating func take(_ piece: MemberScan.Piece) {
        switch piece {
        case .text(let member): take(member)
        case .empty(let offset, let bytes, let isClosing):
            position = offset + Int64(bytes)
            if isClosing { endOfDump = position }
        case .damaged(let range, let reason):
            let rows = table == nil ? nil : Finding.Bounds(from: rows, to: nil)
            findings.append(Finding("\(reason)", table: table, rows: rows, offsets: .init(range)))
        }
    }

    private mutating func take(_ member: Member) {
        members += 1
        textBytes += Int64(member.text.count)
        position = member.offset + Int64(member.compressedBytes)
        progress(.advanced(bytes: Int64(member.compressedBytes), rows: member.rowCount, items: 0, item: table))
        let name = member.text.withUnsafeBytes { text in (try? CopyText(text)).flatMap { _ in CopyTarget.name(in: text) } }
        if name != table { rows = 0 }
        table = name
        rows += member.rowCount
    }
}
