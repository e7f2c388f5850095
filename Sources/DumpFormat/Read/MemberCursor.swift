/// Goes through the members of one run, in pieces of at most a few megabytes, and checks the run against the index on the way.
///
/// Used by one task at a time. Holds one piece of compressed bytes, the largest member and its text.
package final class MemberCursor {
    private let run: any MemberRun
    private let container: Container
    private let decoder: MemberDecoder
    private let place: (table: String?, segment: Int?)
    private var window: ByteWindow
    private var buffer: [UInt8] = []
    private var checksum = Checksum()
    private var plainBytes: Int64 = 0
    /// How many members `next` has given.
    package private(set) var members = 0

    init(run: any MemberRun, container: Container, read: @escaping DumpReader.Read, place: (table: String?, segment: Int?)) {
        self.run = run
        self.container = container
        self.place = place
        decoder = MemberDecoder(container: container)
        window = ByteWindow(run.offset..<(run.offset + run.compressedBytes), read: read)
    }

    /// The next member; nil after the last one, when everything recorded of the run has been found to be so.
    package func next() async throws -> Member? {
        guard window.remaining > 0 else {
            try checkRun()
            return nil
        }
        try await window.fill(container.textHeaderBytes)
        guard let memberBytes = window.withBytes({ container.textMemberBytes(at: $0) }) else { throw located(.memberHeaderDamaged) }
        guard memberBytes <= window.remaining else { throw located(.memberTruncated) }
        try await window.fill(memberBytes)
        guard memberBytes <= window.count else { throw located(.memberTruncated) }
        return try take(memberBytes)
    }

    private func take(_ memberBytes: Int) throws(DumpFormatError) -> Member {
        let offset = window.start
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
        DumpFormatError(reason, table: place.table, segment: place.segment, offset: window.start)
    }
}
