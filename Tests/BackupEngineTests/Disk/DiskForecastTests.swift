import BackupCatalog
import BackupModel
import ObjectStores
import Testing

@testable import BackupEngine

@Suite("Forecast of a backup's size, and what is made of it")
struct DiskForecastTests {
    private func point(_ day: Int, _ sizes: [String: Int64], redis: [Int64] = []) throws -> RecoveryPoint {
        let id = RecoveryPointID(at: Instant(secondsSinceEpoch: 1_771_034_400 + Int64(day) * 86_400))
        let begin = try #require(id.instant)
        let dumps = sizes.map { name, bytes in
            Artifact(
                key: ArtifactName.dump(of: name, id: id, format: .gzippedSQL), kind: .postgresDump, format: .gzippedSQL, database: name,
                bytes: bytes, sha256: "00")
        }
        let copies = redis.enumerated().map { number, bytes in
            Artifact(
                key: ArtifactName.redis(id, shard: number + 1), kind: .redisDump, format: .gzippedRDB, bytes: bytes, sha256: "00")
        }
        return RecoveryPoint(
            manifest: Manifest(id: id, startedAt: begin, finishedAt: begin, artifacts: dumps + copies), store: "/backups", stored: [:])
    }

    @Test("The largest of the last three of each database, and of Redis, and a fifth more")
    func sizes() throws {
        let points = [
            try point(5, ["b": 70]), try point(4, ["a": 1000, "b": 50], redis: [100, 200]), try point(3, ["a": 2000]),
            try point(2, ["a": 500]),
            try point(1, ["a": 9_000_000]),
        ]
        #expect(DiskForecast(databases: ["a"], savesRedis: false, among: points).bytes == 2400)
        #expect(DiskForecast(databases: ["a"], savesRedis: false, among: points).likelyBytes == 2000)
        #expect(DiskForecast(databases: ["a", "b"], savesRedis: true, among: points).bytes == 2370 + 2370 / 100 * 20)
        #expect(DiskForecast(databases: ["a", "b"], savesRedis: true, among: points).files == 10)
        #expect(DiskForecast(databases: ["new"], savesRedis: true, among: []).bytes == 0)
    }

    @Test(
        "A disk is too full as it is, with the backup, or of files",
        arguments: [
            (LocalStore.Space(freeBytes: 50, totalBytes: 100, usedBytes: 50, freeInodes: 90, totalInodes: 100), Int64(40), nil),
            (LocalStore.Space(freeBytes: 50, totalBytes: 100, usedBytes: 50, freeInodes: 90, totalInodes: 100), 41, "it may need 91 %"),
            (
                LocalStore.Space(freeBytes: 9, totalBytes: 100, usedBytes: 91, freeInodes: 90, totalInodes: 100), 0,
                "91 % full with 9 B free"
            ),
            (
                LocalStore.Space(freeBytes: 50, totalBytes: 100, usedBytes: 50, freeInodes: 11, totalInodes: 100), 0,
                "short of inodes: 11 free"
            ),
            (LocalStore.Space(freeBytes: 50, totalBytes: 100, usedBytes: 50, freeInodes: 0, totalInodes: 0), 0, nil),
            // A tenth is root's.
            (LocalStore.Space(freeBytes: 0, totalBytes: 100, usedBytes: 90, freeInodes: 90, totalInodes: 100), 0, "100 % full"),
        ])
    func shortages(space: LocalStore.Space, bytes: Int64, words: String?) {
        var forecast = DiskForecast(databases: [], savesRedis: false, among: [])
        (forecast.bytes, forecast.files) = (bytes, 5)
        let shortage = Shortage(space, forecast, 90)
        #expect((shortage == nil) == (words == nil))
        if let words { #expect(shortage?.description(of: "/backups").contains(words) == true, "\(shortage?.description(of: "") ?? "")") }
    }
}
