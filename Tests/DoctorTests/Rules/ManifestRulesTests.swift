import BackupCatalog
import BackupModel
import BackupReports
import Testing

@testable import Doctor

@Suite("Manifests that are lost, or cannot be read")
struct ManifestRulesTests {
    private static let key = "\(Healthy.id).json"
    private static let older = RecoveryPointID(at: Healthy.slot + .seconds(-86_400))

    /// What is to be done about a manifest in one of the two stores.
    /// - Parameters:
    ///   - isElsewhere: whether the other one has the backup.
    ///   - taker: another that cannot be read, and lies in the same one.
    private func remedy(
        for manifest: UnreadableManifest, in place: Int, isElsewhere: Bool, besides points: [RecoveryPoint] = [],
        taker: UnreadableManifest? = nil
    ) throws -> Diagnosis.Remedy {
        let stores = Healthy.examination.stores
        var other = stores[1 - place]
        other.holdings = .known(.init(points: isElsewhere ? [Healthy.remembered(daysAgo: 0)] : []))
        let rules = ManifestRules(
            store: stores[place], holdings: .init(points: points, unreadable: [manifest] + [taker].compactMap { $0 }), others: [other],
            unfinished: [], isUnderWay: { _ in false })
        let found = rules.all
        #expect(found.count == (taker == nil ? 1 : 2) && found.allSatisfy { $0.code == .manifestUnreadable })
        return try #require(found.first).remedy
    }

    private func misplaced(in place: Int) -> UnreadableManifest {
        let store = Healthy.examination.stores[place].name
        return UnreadableManifest(key: Self.key, reason: "\(Self.key) is the manifest of \(Self.older)", tornIn: store, isOf: Self.older)
    }

    @Test("That of another backup is written over by db sync where another store has the right one", arguments: [0, 1])
    func misplacedAndElsewhere(place: Int) throws {
        let told = try remedy(for: misplaced(in: place), in: place, isElsewhere: true)
        #expect(told.commands == ["call-center-admin db sync"])
    }

    @Test("Where no other store has it, it gets its own name back, if nothing has that")
    func misplacedAlone() throws {
        let told = try remedy(for: misplaced(in: 0), in: 0, isElsewhere: false)
        #expect(told.commands == ["mv -n /backups/\(Self.key) /backups/\(Self.older).json", "call-center-admin db list"])
    }

    @Test("and is put aside where its own name is taken")
    func misplacedAndTaken() throws {
        let told = try remedy(for: misplaced(in: 0), in: 0, isElsewhere: false, besides: [Healthy.remembered(daysAgo: 1)])
        #expect(told.commands.last == "call-center-admin db list")
        #expect(told.commands.first?.contains("mv /backups/\(Self.key) /backups/set-aside") == true, "\(told)")
    }

    @Test("The only one that can be read is not put aside: what is torn under its own name makes room for it")
    func misplacedAndTakenByTorn() throws {
        let name = "\(Self.older).json"
        let torn = UnreadableManifest(key: name, reason: "it is no JSON", tornIn: Healthy.examination.stores[0].name)
        let told = try remedy(for: misplaced(in: 0), in: 0, isElsewhere: false, taker: torn)
        #expect(told.commands.count == 3)
        #expect(told.commands.first?.contains("mv /backups/\(name) /backups/set-aside") == true, "\(told)")
        #expect(told.commands.dropFirst().first == "mv -n /backups/\(Self.key) /backups/\(name)")
    }

    @Test("What could not be fetched under its own name may be sound: nothing is moved before another look")
    func misplacedAndTakenByUnknown() throws {
        let unknown = UnreadableManifest(key: "\(Self.older).json", reason: "permission denied")
        let told = try remedy(for: misplaced(in: 0), in: 0, isElsewhere: false, taker: unknown)
        #expect(told.commands == ["call-center-admin db list", "call-center-admin storage check"])
    }

    @Test("A torn one in a bucket that no other store has leads on when it was read anew in vain")
    func tornAlone() throws {
        let torn = UnreadableManifest(key: Self.key, reason: "it is no JSON", tornIn: Healthy.examination.stores[1].name)
        let told = try remedy(for: torn, in: 1, isElsewhere: false)
        #expect(told.commands.first == "call-center-admin catalog rebuild")
        #expect(!told.commands.contains("call-center-admin db sync"))
        #expect(told.alternatives.first?.commands.isEmpty == false)
    }

    @Test(
        "Where the files beside it are other ones, too, all of that copy is put aside, once the other store's has passed",
        arguments: [0, 1])
    func strangeCopy(place: Int) throws {
        let torn = UnreadableManifest(key: Self.key, reason: "it is no JSON", tornIn: Healthy.examination.stores[place].name)
        let told = try remedy(for: torn, in: place, isElsewhere: true)
        let otherwise = try #require(told.alternatives.last)
        let other = Healthy.examination.stores[1 - place].name
        #expect(otherwise.commands.first?.hasPrefix("call-center-admin db verify-backup \(other)/\(Healthy.id) && ") == true, "\(told)")
        #expect(otherwise.commands.first?.contains(" mv ") == true && otherwise.commands.last == "call-center-admin db sync")
    }
}
