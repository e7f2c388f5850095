package import BackupModel
import CLinux
import Glibc

/// What a file system says of where a file lies (FIEMAP).
struct ExtentMap {
    /// Flags of linux/fiemap.h.
    private enum Flag {
        static let last: UInt32 = 0x1
        static let unknown: UInt32 = 0x2
        static let delayed: UInt32 = 0x4
        static let shared: UInt32 = 0x2000
    }

    /// The length of the file: its last block reaches beyond it.
    let byteCount: Int64
    private(set) var shared: [SharedStretch] = []
    /// Where the next question begins; nil when all is known.
    private(set) var next: UInt64? = 0

    init(byteCount: Int64) {
        self.byteCount = byteCount
    }

    /// Takes one answer; one without extents is the end.
    mutating func take(_ extents: some Sequence<linux_extent>) {
        var end: UInt64?
        for extent in extents {
            note(extent)
            end = extent.flags & Flag.last == 0 ? extent.offset &+ extent.length : nil
        }
        // Whatever a file system answers, a question never stands twice at the same place.
        next = end.flatMap { end in next.map { end > $0 } == true ? end : nil }
    }

    private mutating func note(_ extent: linux_extent) {
        guard extent.flags & Flag.shared != 0, extent.flags & (Flag.unknown | Flag.delayed) == 0,
            let offset = Int64(exactly: extent.offset), offset < byteCount, let place = Int64(exactly: extent.place),
            let length = Int64(exactly: extent.length)
        else { return }
        shared.append(SharedStretch(place: place, bytes: min(length, byteCount - offset)))
    }
}

extension LocalStore: MappedStore {
    package func sharedStretches(of key: String) async throws -> [SharedStretch] {
        guard let file = try await open(key) as? LocalFile else { return [] }
        return try await blocking { file.sharedStretches() }
    }
}

extension LocalFile {
    /// Nothing where the file system does not say.
    func sharedStretches() -> [SharedStretch] {
        var map = ExtentMap(byteCount: byteCount)
        while let offset = map.next {
            var answer = linux_extents()
            (answer.offset, answer.length) = (offset, .max - offset)
            answer.room = UInt32(MemoryLayout.size(ofValue: answer.extents) / MemoryLayout<linux_extent>.stride)
            guard findExtents(&answer) else { break }
            let found = Int(min(answer.found, answer.room))
            withUnsafeBytes(of: answer.extents) { map.take($0.bindMemory(to: linux_extent.self).prefix(found)) }
        }
        return map.shared
    }
}
