import BackupModel
import DumpFormat
import ScratchServers

/// What a scratch Redis needs of memory and disk, and whether that is to be had.
struct ScratchRedisBounds: Sendable {
    /// Of the process before it has loaded anything: threads' stacks, buffers, the allocator's own.
    private static let base: Int64 = 160 << 20

    let opening: FileOpening
    let place: ScratchPlace

    /// Data is loaded into a fresh process, so it takes no more than it did; another release may need somewhat more.
    private var needed: Int64 { (opening.usedMemory ?? 0) / 4 * 5 + Self.base }

    /// - Returns: what the server's process may have.
    /// - Throws: `ScratchUnavailable` of the kind `.memory`.
    func memory() throws -> ByteSize {
        if needed > place.memory.bytes {
            throw ScratchUnavailable(
                .memory, "a Redis with this data needs about \(ByteSize(needed)) of memory, and a scratch server may use \(place.memory)",
                hint: "Raise BACKUP_SCRATCH_MEMORY.")
        }
        if let free = RedisServerFacts.LocalMemory.read()?.availableBytes, needed > free {
            throw ScratchUnavailable(
                .memory, "a Redis with this data needs about \(ByteSize(needed)) of memory, and \(ByteSize(free)) are free",
                hint: "Prove it on another host, or when less runs here.")
        }
        return place.memory
    }

    /// The file expanded, and once more as the server saves it.
    static func space(for file: RDBFile) async throws -> Int64 { try await file.estimatedBytes() * 2 + 1 << 20 }
}

extension RDBFile {
    /// Of the file itself, from the length at the end of a gzip member, which is modulo 4 GiB; what is compressed otherwise is taken for four times
    /// as long.
    func estimatedBytes() async throws -> Int64 {
        let head = try await bytes.read(at: 0, count: Int(min(4, bytes.byteCount)))
        guard let container = Self.container(head) else { return bytes.byteCount }
        guard case .gzip = container, bytes.byteCount >= 18 else { return bytes.byteCount * 4 }
        let tail = try await bytes.read(at: bytes.byteCount - 4, count: 4)
        var length = tail.reversed().reduce(Int64(0)) { $0 << 8 | Int64($1) }
        while length < bytes.byteCount / 2 { length += 1 << 32 }
        return length
    }
}
