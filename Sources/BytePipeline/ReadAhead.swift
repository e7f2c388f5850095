package import BackupModel
import Synchronization

/// Reads a file that is far away in blocks, the next one while the last one is worked on: a request each time a reader wants a few bytes would
/// take longer than the bytes.
///
/// Whoever reads in order, or several who read in order at different places, find their block here; what was read longest ago is forgotten.
package final class ReadAhead: RandomAccessBytes {
    private let file: any RandomAccessBytes
    private let blockBytes: Int
    private let kept: Int
    private let blocks = Mutex<[Block]>([])

    private struct Block {
        let number: Int64
        let bytes: Task<[UInt8], any Error>
    }

    package var byteCount: Int64 { file.byteCount }

    /// - Parameters:
    ///   - blockBytes: what is asked for at once.
    ///   - kept: how many blocks are held, those being read ahead included: two for each place somebody reads at.
    package init(_ file: any RandomAccessBytes, blockBytes: Int = 4 << 20, kept: Int = 12) {
        self.file = file
        self.blockBytes = blockBytes
        self.kept = kept
    }

    package func read(at offset: Int64, count: Int) async throws -> [UInt8] {
        let end = offset + Int64(count)
        guard offset >= 0, end <= byteCount else { return try await file.read(at: offset, count: count) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count)
        var place = offset
        while place < end {
            let number = place / Int64(blockBytes)
            let fetch = block(number)
            let block = try await withTaskCancellationHandler {
                try await fetch.value
            } onCancel: {
                fetch.cancel()
            }
            let start = Int(place - number * Int64(blockBytes))
            let part = block[start..<min(block.count, start + Int(end - place))]
            bytes += part
            place += Int64(part.count)
        }
        return bytes
    }

    /// Begins to fetch the one after it too when the one before it was wanted lately: somebody reads in order.
    private func block(_ number: Int64) -> Task<[UInt8], any Error> {
        blocks.withLock { blocks in
            let isInOrder = blocks.contains { $0.number == number - 1 }
            let block = Self.take(number, from: &blocks) { fetch(number) }
            if isInOrder, (number + 1) * Int64(blockBytes) < byteCount {
                _ = Self.take(number + 1, from: &blocks) { fetch(number + 1) }
            }
            blocks.removeFirst(max(0, blocks.count - kept))
            return block.bytes
        }
    }

    private static func take(_ number: Int64, from blocks: inout [Block], _ fetch: () -> Task<[UInt8], any Error>) -> Block {
        let place = blocks.firstIndex { $0.number == number }
        let block = place.map { blocks.remove(at: $0) } ?? Block(number: number, bytes: fetch())
        blocks.append(block)
        return block
    }

    /// A fetch that failed must not answer the next reader.
    private func fetch(_ number: Int64) -> Task<[UInt8], any Error> {
        let start = number * Int64(blockBytes)
        let count = Int(min(Int64(blockBytes), byteCount - start))
        return Task {
            do { return try await file.read(at: start, count: count) } catch {
                blocks.withLock { $0.removeAll { $0.number == number } }
                throw error
            }
        }
    }
}
