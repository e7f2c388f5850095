package import BackupModel

/// What a store would refuse to delete, found out without deleting anything: objects under a lock or a hold.
package struct LockForecast: Sendable {
    /// What the store said.
    package struct Found: Sendable, Equatable {
        /// Of those it keeps, why.
        package var reasons: [RecoveryPointID: String] = [:]
        /// Those of which it did not say so, as it fell silent.
        package var unknown: Set<RecoveryPointID> = []
    }

    fileprivate enum Answer: Sendable {
        case free
        case locked(String)
        case silence
    }

    private let catalog: Catalog
    private let limit: Duration
    private let clock: any Clock<Duration>

    /// Each is asked for as long as the way to the store and back.
    private static let asksAtOnce = 8

    /// - Parameter limit: for one answer: there may be thousands.
    package init(_ catalog: Catalog, limit: Duration = .seconds(60), clock: any Clock<Duration> = AlarmClock()) {
        self.catalog = catalog
        self.limit = limit
        self.clock = clock
    }

    /// Once an answer does not come, the store is asked nothing more.
    /// - Throws: what the store throws.
    package func callAsFunction(_ points: [RecoveryPoint]) async throws -> Found {
        guard catalog.store is any LockingStore else { return Found() }
        return try await withThrowingTaskGroup(of: (RecoveryPointID, Answer).self) { group in
            var found = Found(unknown: Set(points.map(\.id)))
            var isSilent = false
            for (place, point) in points.enumerated() {
                if place >= Self.asksAtOnce, let (id, answer) = try await group.next() { isSilent = !found.take(answer, of: id) }
                if isSilent { break }
                group.addTask { (point.id, try await answer(for: point)) }
            }
            for try await (id, answer) in group { _ = found.take(answer, of: id) }
            return found
        }
    }

    /// In the order of a deletion.
    private func answer(for point: RecoveryPoint) async throws -> Answer {
        let files = point.manifest.artifacts.map(\.key).filter { ArtifactName.recoveryPointID($0) == point.id }
        for key in [ArtifactName.manifest(point.id)] + files {
            let found = try await answer(for: key)
            guard case .free = found else { return found }
        }
        return .free
    }

    private func answer(for key: String) async throws -> Answer {
        do {
            let found = try await bounded(by: limit, clock: clock) { [catalog] in try await catalog.lockReason(of: key) }
            guard let found else { return .silence }
            return found.map { Answer.locked("\(key) in \(catalog.store.name) is \($0)") } ?? .free
        } catch let error as BackupError where error.code == .stalled || error.obstacle == .silent {
            // One among several stores is given up sooner.
            return .silence
        }
    }
}

extension LockForecast.Found {
    /// - Returns: whether there was an answer.
    fileprivate mutating func take(_ answer: LockForecast.Answer, of id: RecoveryPointID) -> Bool {
        if case .silence = answer { return false }
        if case .locked(let reason) = answer { reasons[id] = reason }
        unknown.remove(id)
        return true
    }
}
