import BackupModel
import Foundation
import Testing

@Suite("Manifest")
struct ManifestTests {
    @Test("What is written reads back")
    func roundTrip() throws {
        let manifest = try Self.example()
        #expect(try Manifest.decode(try manifest.encoded(), name: "m") == manifest)
    }

    @Test("It is JSON for people: indented, sorted, times in UTC")
    func text() throws {
        let text = String(decoding: try Self.example().encoded(), as: UTF8.self)
        #expect(text.contains("\"id\" : \"20260214T020000Z\""))
        #expect(text.contains("\"startedAt\" : \"2026-02-14T02:00:00.000Z\""))
        #expect(text.contains("\"store\" : \"/backups\""))
        #expect(text.hasSuffix("}\n"))
    }

    @Test("Fields of later versions survive at every level")
    func unknownFields() throws {
        let source = try Self.futureManifest()
        let rewritten = try Manifest.decode(source, name: "m").encoded()
        let before = try JSONDecoder().decode(JSONValue.self, from: Data(source))
        let after = try JSONDecoder().decode(JSONValue.self, from: Data(rewritten))
        #expect(before == after)
    }

    @Test("Unknown fields stay when known ones change")
    func changeBesideUnknown() throws {
        var manifest = try Manifest.decode(try Self.futureManifest(), name: "m")
        manifest.verifications.removeAll()
        let text = String(decoding: try manifest.encoded(), as: UTF8.self)
        #expect(text.contains("\"retention\""))
        #expect(text.contains("18446744073709551615"))
        #expect(!text.contains("\"witness\""))
    }

    @Test("A later format is refused by number")
    func laterFormat() throws {
        var manifest = try Self.example()
        manifest.formatVersion = 2
        let bytes = try manifest.encoded()
        let error = try #require(throws: BackupError.self) { try Manifest.decode(bytes, name: "x.json") }
        #expect(error.code == .versionMismatch)
        #expect(error.message == "x.json has manifest format 2, this version reads up to 1")
    }

    @Test(
        "What is no manifest is an error with the file's name and the trouble",
        arguments: [
            ("", "it is no JSON object"), ("{", "it is no JSON object"), ("[]", "it is no JSON object"),
            ("{\"formatVersion\": \"x\"}", "the field “formatVersion” is wrong"),
            ("{\"formatVersion\": 1}", "the field “id” is missing"),
        ]
    )
    func unreadable(text: String, trouble: String) throws {
        let error = try #require(throws: BackupError.self) { try Manifest.decode(Array(text.utf8), name: "x.json") }
        #expect(error.message == "x.json is not a readable manifest: \(trouble)")
    }

    /// Adds a field that nobody knows to every object of a manifest.
    private static func futureManifest() throws -> [UInt8] {
        let text = String(decoding: try example().encoded(), as: UTF8.self)
        let additions = [
            ("\"formatVersion\" : 1", "\"retention\" : { \"class\" : [ 1, 2.5, null, true ] }"),
            ("\"kind\" : \"postgresDump\"", "\"compaction\" : { \"parts\" : [ \"p1\" ] }"),
            ("\"format\" : \"age\"", "\"cipher\" : \"chacha\""),
            ("\"isStandby\" : false", "\"clusterName\" : \"main\""),
            ("\"lsn\" : \"0/16B3748\"", "\"timeline\" : 18446744073709551615"),
            ("\"store\" : \"/backups\"", "\"versionID\" : \"abc\""),
            ("\"passed\" : true", "\"witness\" : \"host-2\""), ("\"compare\" : 6", "\"upload\" : 1.5"),
            ("\"suspicion\" : {", "\"rule\" : \"median\""),
        ]
        return Array(
            additions.reduce(text) { $0.replacing($1.0, with: $1.0.hasSuffix("{") ? "\($1.0) \($1.1)," : "\($1.0), \($1.1)") }.utf8)
    }

    private static func example() throws -> Manifest {
        let begin = Instant(secondsSinceEpoch: 1_771_034_400)
        let dump = Artifact(
            key: "call_center-20260214T020000Z.sql.gz", kind: .postgresDump, format: .gzippedSQL, database: "call_center",
            bytes: 736_000_000,
            sha256: String(repeating: "a", count: 64), tables: 12, rows: 9_000_000, tableRows: ["public.calls": 9_000_000],
            encryption: Encryption(recipients: ["6a804773982840fa"])
        )
        let snapshot = DatabaseSnapshot(database: "call_center", snapshot: "00000003-1", lsn: "0/16B3748", takenAt: begin)
        return Manifest(
            id: RecoveryPointID(at: begin), startedAt: begin, finishedAt: begin + .milliseconds(9200), artifacts: [dump],
            postgres: PostgresFacts(
                serverVersion: "17.11", systemIdentifier: "7300000000000000001", isStandby: false, snapshots: [snapshot]),
            stores: [StoreCopy(store: "/backups", storedAt: begin)],
            verifications: [
                Verification(artifact: dump.key, level: .quick, at: begin, seconds: 1.5, passed: true, reasons: ["all digests hold"]),
                Verification(
                    artifact: dump.key, level: .restore, at: begin, seconds: 31.5, passed: true, reasons: ["all rows are equal"],
                    notProved: ["a half of public.calls was not loaded"], durations: ProofDurations([.restore: 21.5, .compare: 6])),
            ],
            suspicion: Suspicion(
                reasons: ["the table public.calls has shrunk"], accepted: Suspicion.Acceptance(at: begin, reason: "archived"))
        )
    }
}
