import BackupModel
import Testing

@testable import BackupCatalog

@Suite("A store that has lost what it held")
struct EmptiedStoreTests {
    private static let days = (10...14).map { "202602\($0)T020000Z" }

    /// - Parameters:
    ///   - held: what the store still has.
    ///   - known: what others have on record as being in it.
    private func emptied(holding held: [String], known: [String] = days) throws -> EmptiedStore? {
        let points = try Self.days.reversed().map { try point($0, isKnown: known.contains($0)) }
        return EmptiedStore("disk", points: points, held: Set(held.compactMap { RecoveryPointID($0) }))
    }

    private func point(_ day: String, isKnown: Bool) throws -> RecoveryPoint {
        let id = try #require(RecoveryPointID(day))
        let instant = try #require(id.instant)
        var manifest = Manifest(id: id, startedAt: instant, finishedAt: instant, artifacts: [])
        manifest.stores = (isKnown ? ["bucket", "disk"] : ["bucket"]).map { StoreCopy(store: $0, storedAt: instant) }
        return RecoveryPoint(manifest: manifest, store: "bucket", stored: [:])
    }

    @Test("is known for it, also when the run that finds it has put its own backup there")
    func all() throws {
        #expect(try emptied(holding: [])?.lost.count == 5)
        #expect(try emptied(holding: [Self.days[4]])?.lost.count == 4)
    }

    @Test("and keeps an older one is the store it was: what is gone was deleted, and comes back")
    func some() throws {
        #expect(try emptied(holding: [Self.days[0]]) == nil)
        #expect(try emptied(holding: Array(Self.days.dropFirst())) == nil)
    }

    @Test("never held what was taken while it was away, or before it was configured")
    func fresh() throws {
        #expect(try emptied(holding: [], known: []) == nil)
        #expect(try emptied(holding: [Self.days[4]], known: [Self.days[4]]) == nil)
        #expect(try emptied(holding: [], known: Array(Self.days.prefix(2)))?.lost.map(\.description).sorted() == Array(Self.days.prefix(2)))
    }
}
