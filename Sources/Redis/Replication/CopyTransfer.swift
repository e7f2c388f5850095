/// The payload of a full synchronization as it comes over the wire. Pure: bytes in, bytes out, however they are cut.
///
/// Line feeds show that the primary lives; then one header line, `$<length>` or `$EOF:<mark>` with a mark of 40 bytes; then the RDB file, which ends
/// with its length or with the mark (Redis, `replication.c`, `readSyncBulkPayload`).
struct CopyTransfer {
    enum Failure: Error, Equatable {
        /// The primary gave up: `-ERR …` in place of the header.
        case refused(RedisError)
        /// What stands in place of the header is none.
        case notAHeader
    }

    private enum State {
        case header
        case counted(Int64)
        case marked([UInt8])
        case done
    }

    /// Length of the mark and, with some room, of the longest header line; a refusal may be longer.
    private static let markBytes = 40
    private static let lineLimit = 4096

    private var state = State.header
    /// The line that has begun, or the last bytes of a marked copy: they may be the beginning of the mark.
    private var held: [UInt8] = []
    /// The copy's length, where it was announced.
    private(set) var announcedBytes: Int64?

    /// The copy is whole.
    var isDone: Bool { if case .done = state { true } else { false } }
    /// The header has come; until then the primary prepares.
    var hasBegun: Bool { if case .header = state { false } else { true } }

    /// Takes the next bytes; appends to `copy` what of them belongs to the file.
    mutating func take(_ bytes: UnsafeRawBufferPointer, into copy: inout [UInt8]) throws(Failure) {
        var rest = bytes[...]
        if !hasBegun { try takeHeader(&rest) }
        switch state {
        case .header, .done: return
        case .counted(let missing): takeCounted(rest, missing, &copy)
        case .marked(let mark): takeMarked(rest, mark, &copy)
        }
    }

    private mutating func takeHeader(_ rest: inout Slice<UnsafeRawBufferPointer>) throws(Failure) {
        while !hasBegun, let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\n") else {
                held.append(byte)
                guard held.count < Self.lineLimit else { throw .notAHeader }
                continue
            }
            if held.isEmpty { continue }
            guard held.removeLast() == UInt8(ascii: "\r") else { throw .notAHeader }
            try begin(String(decoding: held, as: UTF8.self))
            held = []
        }
    }

    private mutating func begin(_ line: String) throws(Failure) {
        if line.hasPrefix("-") { throw .refused(RedisError(line: String(line.dropFirst()))) }
        if line.hasPrefix("$EOF:"), line.utf8.count == 5 + Self.markBytes {
            state = .marked(Array(line.utf8.dropFirst(5)))
        } else if line.hasPrefix("$"), let count = Int64(line.dropFirst()), count > 0 {
            announcedBytes = count
            state = .counted(count)
        } else {
            throw .notAHeader
        }
    }

    /// What follows a counted copy is the stream of writes of a primary that knows no `rdb-only`: not ours.
    private mutating func takeCounted(_ bytes: Slice<UnsafeRawBufferPointer>, _ missing: Int64, _ copy: inout [UInt8]) {
        let mine = bytes.prefix(Int(min(missing, Int64(bytes.count))))
        copy.append(contentsOf: UnsafeRawBufferPointer(rebasing: mine))
        state = missing == Int64(mine.count) ? .done : .counted(missing - Int64(mine.count))
    }

    /// Nothing follows the mark before the replica has spoken, so only the very last bytes can be it.
    private mutating func takeMarked(_ bytes: Slice<UnsafeRawBufferPointer>, _ mark: [UInt8], _ copy: inout [UInt8]) {
        if bytes.count >= Self.markBytes {
            copy += held
            copy.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes.dropLast(Self.markBytes)))
            held = Array(bytes.suffix(Self.markBytes))
        } else {
            held += bytes
            let surplus = max(0, held.count - Self.markBytes)
            copy += held.prefix(surplus)
            held.removeFirst(surplus)
        }
        if held == mark { state = .done }
    }
}
