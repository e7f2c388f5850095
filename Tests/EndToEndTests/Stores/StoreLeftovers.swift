import BackupModel
import Testing

/// What killed runs have left in three stores, looked at after each of them. A run takes back what it finds before it stores anything, so that however
/// many are killed there is never more than one of them had in hand.
struct StoreLeftovers {
    /// A backup's files and its manifest.
    let filesOfOneRun: Int
    /// What was there after the run before, by store.
    private var seen: [String: Set<String>] = [:]

    init(filesOfOneRun: Int) { self.filesOfOneRun = filesOfOneRun }

    mutating func requireOneRunAtMost(_ stores: ThreeStores, _ place: String) async throws {
        for store in stores.all {
            let found = try await stores.leftovers(in: store)
            let before = seen.updateValue(found, forKey: store.name) ?? []
            require(found, before, "\(place), \(store.name)")
        }
    }

    private func require(_ found: Set<String>, _ before: Set<String>, _ place: String) {
        let fresh = found.subtracting(before)
        let newest = fresh.compactMap(Self.run(of:)).max()
        // A server goes on with a request it has whole when its sender is killed: what it stores then, the run after the next one finds.
        let late = fresh.filter { Self.run(of: $0) != newest }
        let left = found.subtracting(late)
        #expect(left.count <= filesOfOneRun, "\(place): \(left.sorted())")
        guard let newest, before.compactMap(Self.run(of:)).allSatisfy({ $0 < newest }) else { return }
        #expect(found.isDisjoint(with: before), "\(place): \(newest) has stored something and left \(found.intersection(before).sorted())")
    }

    private static func run(of name: String) -> RecoveryPointID? {
        name.split { "-., ".contains($0) }.lazy.compactMap { RecoveryPointID($0) }.first
    }
}
