/// Goes through the members of one run, in pieces of at most a few megabytes, and checks the run against the index on the way.
///
/// Used by one task at a time. Holds one piece of compressed bytes, the largest member and its text.
package final class MemberCursor {
    private let run: any MemberRun
    private let container: Container
    private let read: DumpReader.Read
    private let decoder: MemberDecoder
    private let place: (table: String?, segment: Int?)
    private var window = ByteWindow()
    private var buffer: [UInt8] = []
    private var checksum = Checksum()
    private var plainBytes: Int64 = 0
    /// How many members `next` has given.
    package private(set) var members = 0

    /// Compressed bytes asked for at once.
    private static let pieceBytes: Int64 = 2 << 20

    init(run: any MemberRun, container: Container, read: @escaping DumpReader.Read, place: (table: String?, segment: Int?)) {
        self.run = run
        self.container = container
        self.read = read
        self.place = place
        decoder = MemberDecoder(container: container)
        window.end = run.offset
    }

    /// The next member; nil after the last one, when everything recorded of the run has been found to be so.
    package func next() async throws -> Member? {
        guard position < end else {
            try checkRun()
            return nil
        }
        try await fill(container.textHeaderBytes)
        guard let memberBytes = window.withBytes({ container.textMemberBytes(at: $0) }) else { throw located(.memberHeaderDamaged) }
        guard Int64(memberBytes) <= end - position else { throw located(.memberTruncated) }
        try await fill(memberBytes)
        return try take(memberBytes)
    }

    private var position: Int64 { window.start }
    private var end: Int64 { run.offset + run.compressedBytes }

    private func fill(_ count: Int) async throws {
        guard window.count < count else { return }
        guard Int64(count) <= end - position else { throw located(.memberTruncated) }
        let wanted = min(max(Int64(count - window.count), Self.pieceBytes), end - window.end)
        window.append(try await read(window.end, Int(wanted)))
        guard window.count >= count else { throw located(.memberTruncated) }
    }

    private func take(_ memberBytes: Int) throws(DumpFormatError) -> Member {
        let offset = position
        let textBytes = try decode(memberBytes)
        plainBytes += Int64(textBytes)
        window.drop(memberBytes)
        members += 1
        return Member(
            number: members - 1, offset: offset, compressedBytes: memberBytes, text: MemberText(storage: buffer, count: textBytes)
        )
    }

    private func decode(_ memberBytes: Int) throws(DumpFormatError) -> Int {
        do {
            return try window.withBytes { (bytes) throws(DumpFormatError) in
                let member = UnsafeRawBufferPointer(rebasing: bytes[..<memberBytes])
                checksum.update(member)
                let maxTextBytes = Int(clamping: run.plainBytes - plainBytes)
                return try decoder.decode(member, maxTextBytes: maxTextBytes, into: &buffer)
            }
        } catch {
            throw located(error.reason)
        }
    }

    private func checkRun() throws(DumpFormatError) {
        try expect("members", recorded: "\(run.members)", found: "\(members)")
        try expect("bytes of text", recorded: "\(run.plainBytes)", found: "\(plainBytes)")
        try expect("checksum", recorded: run.checksum, found: checksum.hex)
    }

    private func expect(_ what: String, recorded: String, found: String) throws(DumpFormatError) {
        guard recorded != found else { return }
        throw DumpFormatError(
            .mismatch(of: what, recorded: recorded, found: found), table: place.table, segment: place.segment, offset: run.offset
        )
    }

    private func located(_ reason: DumpFormatError.Reason) -> DumpFormatError {
        DumpFormatError(reason, table: place.table, segment: place.segment, offset: position)
    }
}
