package import BackupModel

/// What each backup takes up in a store where files may have blocks in common: a block counts once, for the oldest backup that has it. So the sum is what
/// all of them take up; what only one has is not to be read from it, for younger ones may lean on an old one.
package struct PhysicalSizes: Sendable, Equatable {
    private var sizes: [RecoveryPointID: Int64] = [:]
    private var known = KnownStretches()
    /// Those that did not say in time which blocks their files share: the files' lengths count.
    package private(set) var silentStores: [String] = []

    package init() {}

    /// - Parameters:
    ///   - points: in any order.
    ///   - limit: for all files of one store: it may have frozen since it was listed.
    /// - Throws: only `CancellationError`: of a file that cannot be looked at the length counts.
    package init(
        of points: [RecoveryPoint], in catalogs: Catalogs, limit: Duration = .seconds(30), clock: any Clock<Duration> = AlarmClock()
    ) async throws {
        for (name, held) in Dictionary(grouping: points, by: \.store).sorted(by: { $0.key < $1.key }) {
            let (before, oldestFirst) = (self, held.sorted { $0.id < $1.id })
            let store = catalogs.catalog(of: name)?.store as? any MappedStore
            if let counted = try await bounded(by: limit, clock: clock, { try await before.adding(oldestFirst, in: store) }) {
                self = counted
            } else {
                self = try await before.adding(oldestFirst, in: nil)
                silentStores.append(name)
            }
        }
    }

    /// - Parameter store: nil: of one nobody can ask.
    private func adding(_ points: [RecoveryPoint], in store: (any MappedStore)?) async throws -> PhysicalSizes {
        var sizes = self
        for point in points {
            for artifact in point.manifest.artifacts where !point.missing.contains(artifact.key) {
                try Task.checkCancellation()
                sizes.add(artifact.bytes, sharing: try await store?.known(artifact.key) ?? [], to: point.id)
            }
        }
        return sizes
    }

    package subscript(id: RecoveryPointID) -> Int64 { sizes[id] ?? 0 }

    /// Files have to come in the order of their backups, the oldest first.
    package mutating func add(_ bytes: Int64, sharing stretches: [SharedStretch], to id: RecoveryPointID) {
        let doubled = stretches.map { $0.bytes - known.insert($0) }.saturatingSum
        sizes[id] = self[id].saturatingAdd(max(0, bytes - doubled))
    }
}

extension MappedStore {
    fileprivate func known(_ key: String) async throws -> [SharedStretch] {
        do { return try await sharedStretches(of: key) } catch is BackupError { return [] }
    }
}

/// Stretches of a disk that were counted.
private struct KnownStretches: Sendable, Equatable {
    /// Disjoint, not adjacent, in order.
    private var ranges: [Range<Int64>] = []

    /// - Returns: how many bytes of it are new.
    mutating func insert(_ stretch: SharedStretch) -> Int64 {
        guard stretch.bytes > 0, stretch.place <= .max - stretch.bytes else { return stretch.bytes }
        let new = stretch.place..<(stretch.place + stretch.bytes)
        let first = firstIndex { $0.upperBound >= new.lowerBound }
        let end = firstIndex { $0.lowerBound > new.upperBound }
        let touched = ranges[first..<end]
        let covered = touched.reduce(Int64(0)) { $0 + Int64($1.clamped(to: new).count) }
        let joined = min(new.lowerBound, touched.first?.lowerBound ?? .max)..<max(new.upperBound, touched.last?.upperBound ?? .min)
        ranges.replaceSubrange(first..<end, with: [joined])
        return stretch.bytes - covered
    }

    /// By halving: `isBehind` holds from one place on.
    private func firstIndex(where isBehind: (Range<Int64>) -> Bool) -> Int {
        var (low, high) = (0, ranges.count)
        while low < high {
            let middle = (low + high) / 2
            if isBehind(ranges[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
