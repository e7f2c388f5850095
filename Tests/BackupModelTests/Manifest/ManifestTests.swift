import BackupModel
import BackupTestKit
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
        let rewritten = try Self.unsealed(try Manifest.decode(source, name: "m"))
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
        "A later format is refused by its number whatever else is in it: that it fits nothing known is no damage",
        arguments: ["{\"formatVersion\": 2}", "{\"checksum\": 7, \"formatVersion\": 2, \"id\": [\"x\"]}"]
    )
    func laterLayout(text: String) throws {
        let error = try #require(throws: BackupError.self) { try Manifest.decode(Array(text.utf8), name: "x.json") }
        #expect(error.code == .versionMismatch, "\(error)")
        let known = String(decoding: try Self.example().encoded(), as: UTF8.self)
        let changed = known.replacing("\"formatVersion\" : 1", with: "\"formatVersion\" : 3")
        let other = try #require(throws: BackupError.self) { try Manifest.decode(Array(changed.utf8), name: "x.json") }
        #expect(other.code == .versionMismatch, "\(other)")
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

    @Test(
        "Numbers of bytes, rows and keys that cannot be are refused",
        arguments: [-1, .min, .max, (1 << 53) + 1] as [Int64])
    func absurd(number: Int64) throws {
        let fields: [(String, (inout Manifest) -> Void)] = [
            ("bytes", { $0.artifacts[0].bytes = number }), ("rows", { $0.artifacts[0].rows = number }),
            ("tableRows", { $0.artifacts[0].tableRows = ["calls": number] }), ("keys", { $0.artifacts[0].keys = number }),
        ]
        for (field, change) in fields {
            var manifest = try Self.example()
            change(&manifest)
            let bytes = try manifest.encoded()
            let error = try #require(throws: BackupError.self) { try Manifest.decode(bytes, name: "x.json") }
            #expect(error.message.contains("x.json is not a readable manifest") && error.message.contains(field))
        }
        for (keys, expiring) in [(number, 0), (0, number)] as [(Int64, Int64)] {
            let text = try JSONEncoder().encode(RedisDatabase(number: 0, keys: keys, expiring: expiring, digest: ""))
            #expect(throws: DecodingError.self) { try JSONDecoder().decode(RedisDatabase.self, from: text) }
        }
    }

    @Test("A proof that took longer than anything can is none", arguments: [1e30, -1e30, 1e10])
    func longProof(seconds: Double) throws {
        var manifest = try Self.example()
        manifest.verifications[1].durations = ProofDurations([.restore: seconds])
        let bytes = try manifest.encoded()
        let error = try #require(throws: BackupError.self) { try Manifest.decode(bytes, name: "x.json") }
        #expect(error.message.contains("durations"), "\(error)")
    }

    @Test("A manifest of very many very large files has a size all the same")
    func largest() throws {
        var manifest = try Self.example()
        manifest.artifacts = Array(repeating: manifest.artifacts[0], count: 2000)
        for place in manifest.artifacts.indices { manifest.artifacts[place].bytes = 1 << 53 }
        let read = try Manifest.decode(try manifest.encoded(), name: "m")
        #expect(read.bytes == .max)
        let numbers: [[Int64]] = [[.min, -1], [.max, 1, -1], [1, 2]]
        let sums = numbers.map { $0.saturatingSum }
        #expect(sums == [Int64.min, Int64.max - 1, 3])
    }

    @Test("Its checksum can be computed with a shell: the SHA-256 of the file with zeros in the digits' place")
    func checksum() async throws {
        try await withTemporaryFolder { folder in
            let path = "\(folder)/m.json"
            try Data(try Self.example().encoded()).write(to: URL(filePath: path))
            let script = """
                sum=$(sed -nE 's/^  "checksum" : "([0-9a-f]{64})",$/\\1/p' "$1")
                found=$(sed -E '/^  "checksum" : "/s/[0-9a-f]{64}/'"$(printf '0%.0s' {1..64})"'/' "$1" | sha256sum | cut -d ' ' -f 1)
                test -n "$sum" && echo "$sum $found"
                """
            let sums = try await Command("bash", ["-c", script, "checksum", path]).output().split(whereSeparator: \.isWhitespace)
            #expect(sums.count == 2 && sums[0] == sums[1], "\(sums)")
        }
    }

    @Test("A bit that has changed anywhere is noticed; in the checksum's own name it changes nothing that is said")
    func damage() throws {
        let text = try Self.example().encoded()
        let name = try #require(text.firstRange(of: Array("checksum".utf8)))
        for place in text.indices {
            var damaged = text
            damaged[place] ^= 1
            guard !name.contains(place) else {
                #expect(try Manifest.decode(damaged, name: "m").artifacts == Self.example().artifacts)
                continue
            }
            #expect(throws: BackupError.self, "byte \(place)") { try Manifest.decode(damaged, name: "m") }
        }
    }

    @Test("A changed digest or date is damage, and said to be")
    func plausibleDamage() throws {
        let text = String(decoding: try Self.example().encoded(), as: UTF8.self)
        for (before, after) in [(String(repeating: "a", count: 64), String(repeating: "b", count: 64)), ("2026-02-14T02", "2025-02-14T02")]
        {
            let damaged = Array(text.replacing(before, with: after).utf8)
            let error = try #require(throws: BackupError.self) { try Manifest.decode(damaged, name: "x.json") }
            #expect(error.code == .failed && error.message == "x.json is damaged: it does not fit its own checksum")
        }
    }

    @Test("One of before there were checksums is read; not where its name speaks against its date")
    func withoutChecksum() throws {
        let manifest = try Self.example()
        let text = String(decoding: try Self.unsealed(manifest), as: UTF8.self)
        #expect(!text.contains("checksum"))
        #expect(try Manifest.decode(Array(text.utf8), name: "m") == manifest)
        let old = Array(text.replacing("\"startedAt\" : \"2026", with: "\"startedAt\" : \"2016").utf8)
        let error = try #require(throws: BackupError.self) { try Manifest.decode(old, name: "x.json") }
        #expect(error.code == .failed && error.message.contains("which is not what it is named by"), "\(error)")
    }

    /// As programs of before wrote it.
    private static func unsealed(_ manifest: Manifest) throws -> [UInt8] {
        let lines = String(decoding: try manifest.encoded(), as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        return Array(lines.filter { !$0.hasPrefix("  \"checksum\" : ") }.joined(separator: "\n").utf8)
    }

    /// Adds a field that nobody knows to every object of a manifest.
    private static func futureManifest() throws -> [UInt8] {
        let text = String(decoding: try unsealed(try example()), as: UTF8.self)
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
