import BackupVerification
import DumpFormat
import DumpSamples
import Testing

struct SegmentedCheckTests {
    @Test(arguments: Container.allCases, VerificationLevel.allCases)
    func passesWhatIsWhole(container: Container, level: VerificationLevel) async throws {
        let written = try SampleDump.small(container).write()
        let verdict = try await verdict(on: written.bytes, level, jobs: 3)
        #expect(verdict.passed)
        #expect(verdict.findings.isEmpty)
        #expect(verdict.kind == .segmented)
        #expect(verdict.tables == 2)
        #expect(verdict.rows == 111)
        #expect(verdict.textBytes == Int64(written.script.utf8.count))
    }

    @Test
    func saysWhatEachLevelLeavesOpen() async throws {
        let bytes = try SampleDump.small(.gzip).write().bytes
        let quick = try await verdict(on: bytes, .quick)
        let content = try await verdict(on: bytes, .content)
        #expect(quick.notProved.contains { $0.contains("rows were not counted") })
        #expect(!content.notProved.contains { $0.contains("rows were not counted") })
        #expect(content.proved.contains { $0.contains("111 rows were counted and digested again") })
        #expect(content.notProved.contains { $0.contains("no manifest gives its SHA-256") })
    }

    @Test
    func comparesTheFileWithItsManifest() async throws {
        let other = String(repeating: "ab", count: 32)
        let failed = try await verdict(on: try SampleDump.small(.gzip).write().bytes, sha256: other)
        #expect(!failed.passed)
        #expect(failed.findings.count == 1)
        #expect(failed.findings.first?.message.hasSuffix("not the manifest's \(other)") == true)
    }

    /// An index that was written wrong has all its digests; only its claims about rows are false.
    @Test
    func noticesAFalseIndexOnlyByContent() async throws {
        var sample = SampleDump.small(.gzip)
        sample.claimedRowsDigest = RowsDigest(sum: 1)
        let bytes = try sample.write().bytes
        #expect(try await verdict(on: bytes, .quick).passed)
        let content = try await verdict(on: bytes, .content)
        #expect(!content.passed)
        #expect(content.findings.allSatisfy { $0.message.hasPrefix("digest of the rows") })
        #expect(content.findings.map(\.segment) == [0, 1, 2, 0, 1, 2])
    }
}
