import Glibc

/// Goes through bytes that may be damaged, without an index: whole members, and what lies between them.
///
/// Used by one task at a time. Looks for the next member where one cannot be read, so damage costs no more than it has to.
package final class MemberScan {
    package enum Piece: Sendable {
        case text(Member)
        /// A member without text: padding, a page of the index, or the closing member.
        case empty(offset: Int64, bytes: Int, isClosing: Bool)
        case damaged(Range<Int64>, DumpFormatError.Reason)
    }

    private let container: Container
    private let maxTextBytes: Int
    private let decoder: MemberDecoder
    private var window: ByteWindow
    private var buffer: [UInt8] = []
    private var members = 0

    /// Scans `range` of a file; a member's text is not believed to be longer than `maxTextBytes`.
    package init(_ range: Range<Int64>, container: Container, maxTextBytes: Int = Int(UInt32.max), read: @escaping DumpReader.Read) {
        self.container = container
        self.maxTextBytes = maxTextBytes
        decoder = MemberDecoder(container: container)
        window = ByteWindow(range, read: read)
    }

    package func next() async throws -> Piece? {
        guard window.remaining > 0 else { return nil }
        try await window.fill(container.maxEmptyMemberBytes)
        if let empty = window.withBytes({ container.emptyMember(at: $0) }) {
            defer { window.drop(empty.bytes) }
            return .empty(offset: window.start, bytes: empty.bytes, isClosing: try isClosing(empty))
        }
        guard let memberBytes = window.withBytes({ container.textMemberBytes(at: $0) }) else {
            return try await skip(.memberHeaderDamaged)
        }
        guard memberBytes <= window.remaining else { return try await skip(.memberTruncated) }
        try await window.fill(memberBytes)
        return try await take(memberBytes)
    }

    private func take(_ memberBytes: Int) async throws -> Piece {
        let reason: DumpFormatError.Reason
        do {
            return .text(try decode(memberBytes))
        } catch {
            reason = error.reason
        }
        guard try await isMemberOrEnd(after: memberBytes) else { return try await skip(reason) }
        let start = window.start
        window.drop(memberBytes)
        return .damaged(start..<window.start, reason)
    }

    private func decode(_ memberBytes: Int) throws(DumpFormatError) -> Member {
        let offset = window.start
        let textBytes = try window.withBytes { (bytes) throws(DumpFormatError) in
            let member = UnsafeRawBufferPointer(rebasing: bytes[..<min(memberBytes, bytes.count)])
            return try decoder.decode(member, maxTextBytes: maxTextBytes, into: &buffer)
        }
        window.drop(memberBytes)
        members += 1
        let text = MemberText(storage: buffer, count: textBytes)
        return Member(number: members - 1, offset: offset, compressedBytes: memberBytes, text: text)
    }

    /// A length is believed where something begins right behind it.
    private func isMemberOrEnd(after memberBytes: Int) async throws -> Bool {
        guard memberBytes < window.remaining else { return memberBytes == window.remaining }
        try await window.fill(memberBytes + container.signatureBytes)
        return window.withBytes { container.isSignature(at: UnsafeRawBufferPointer(rebasing: $0.dropFirst(memberBytes))) }
    }

    /// Gives up everything before the next place that looks like the beginning of a member.
    private func skip(_ reason: DumpFormatError.Reason) async throws -> Piece {
        let start = window.start
        window.drop(1)
        while window.remaining > 0 {
            try await window.fill(container.signatureBytes)
            if let distance = window.withBytes({ container.distanceToSignature(in: $0) }) {
                window.drop(distance)
                break
            }
            // The last bytes held may be the beginning of a signature that goes on in the next piece.
            let isLast = Int64(window.count) == window.remaining
            window.drop(isLast ? window.count : window.count - container.signatureBytes + 1)
        }
        return .damaged(start..<window.start, reason)
    }

    private func isClosing(_ empty: (id: [UInt8], bytes: Int)) throws(DumpFormatError) -> Bool {
        guard empty.id == Subfield.ID.closing.bytes else { return false }
        // A closing member that does not have its own digest is no more than an empty member.
        return (try? ClosingMember(endOf: window.prefix(empty.bytes), container: container)) != nil
    }
}
