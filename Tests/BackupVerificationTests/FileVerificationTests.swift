import BackupModel
import BackupVerification
import DumpFormat
import DumpSamples
import Synchronization
import Testing

struct FileVerificationTests {
    @Test(
        arguments: [
            ([], "the file is empty"), ([0, 1, 2, 3], "the file is no backup of a known kind"),
            (Array("age-encryption.org/v1\n".utf8), "the file is encrypted: decrypt it with age and verify what comes out"),
        ] as [([UInt8], String)])
    func saysWhatItCannotVerify(bytes: [UInt8], message: String) async throws {
        let verdict = try await verdict(on: bytes)
        #expect(!verdict.passed)
        #expect(verdict.findings.map(\.message) == [message])
    }

    /// Also where a manifest's SHA-256 has the file read once more.
    @Test(arguments: [nil, "00"] as [String?])
    func reportsProgressOfEveryByteOnce(sha256: String?) async throws {
        let bytes = try SampleDump.small(.gzip).write()
        let events = Mutex<[ProgressEvent]>([])
        let verification = FileVerification(
            file: BytesInMemory(bytes.bytes), level: .content, jobs: 2, expectedSHA256: sha256,
            progress: { event in events.withLock { $0.append(event) } })
        _ = try await verification.run()
        let seen = events.withLock { $0 }
        #expect(seen.first == .began(phase: "verify", totalBytes: Int64(bytes.bytes.count), totalItems: nil))
        #expect(seen.last == .ended(phase: "verify"))
        let advanced = seen.reduce(into: (bytes: Int64(0), rows: Int64(0))) { sum, event in
            guard case .advanced(let bytes, let rows, _, _) = event else { return }
            sum = (sum.bytes + bytes, sum.rows + rows)
        }
        #expect(advanced.bytes == Int64(bytes.bytes.count))
        #expect(advanced.rows == 111)
    }

    /// A file that cannot be read is not a damaged file.
    @Test
    func throwsWhatKeepsItFromLooking() async throws {
        let verification = FileVerification(file: Unreadable(), level: .quick, jobs: 2)
        await #expect(throws: BackupError.self) { try await verification.run() }
    }

    private struct Unreadable: RandomAccessBytes {
        var byteCount: Int64 { 1 << 20 }
        func read(at offset: Int64, count: Int) async throws -> [UInt8] { throw BackupError(.storeFailed, "no such device") }
    }
}
