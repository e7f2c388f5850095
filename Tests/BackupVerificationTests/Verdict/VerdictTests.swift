import BackupModel
import BackupVerification
import DumpFormat
import DumpSamples
import Foundation
import Testing

struct VerdictTests {
    @Test
    func isJSON() async throws {
        var damaged = try SampleDump.tiny(.gzip).write().bytes
        damaged[damaged.count / 3] ^= 1
        let verdict = try await verdict(on: damaged)
        let json = try JSONEncoder().encode(verdict)
        #expect(try JSONDecoder().decode(Verdict.self, from: json) == verdict)
    }

    @Test
    func goesIntoTheManifestWithItsReasons() async throws {
        let bytes = try SampleDump.tiny(.gzip).write().bytes
        let at = Instant(secondsSinceEpoch: 0)
        let passed = try await verdict(on: bytes, .content)
        let kept = passed.verification(of: "a.sql.gz", at: at)
        #expect(kept.passed)
        #expect(kept.level == .content)
        #expect(kept.reasons == passed.proved)
        let failed = try await verdict(on: Array(bytes.dropLast())).verification(of: "a.sql.gz", at: at)
        #expect(!failed.passed)
        #expect(failed.reasons.first == "the closing member is missing")
    }

    @Test
    func findingsNameTheirPlace() {
        let finding = Finding(
            "a member is cut off", table: "public.calls", segment: 2, blocks: .init(from: 100, to: nil), rows: .init(from: 3, to: 9),
            offsets: .init(from: 4_096, to: 5_000))
        #expect(
            finding.description
                == "a member is cut off (table public.calls, segment 2, from block 100 on, rows 4 to 9, bytes 4096 to 4999)")
    }

    @Test(arguments: [
        (nil, nil, "all rows"), (0, 10, "rows 1 to 10"), (9, 10, "row 10"), (7, nil, "from row 8 on"), (nil, 7, "up to row 7"),
        (7, 7, "before row 8"),
    ])
    func placesAreWrittenForPeople(from: Int64?, to: Int64?, text: String) {
        #expect(Finding.Bounds(from: from, to: to).described("row", first: 1) == text)
    }
}
