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
        ] as [([UInt8], String)])
    func saysWhatItCannotVerify(bytes: [UInt8], message: String) async throws {
        let verdict = try await verdict(on: bytes)
        #expect(!verdict.passed)
        #expect(verdict.findings.map(\.message) == [message])
    }

    @Test("What nobody here can open is held against its digest, and that is said; what nobody can open who should is a finding")
    func encrypted() async throws {
        let file = BytesInMemory(Array("age-encryption.org/v1\n".utf8))
        let unopened = try await FileVerification(file: file, seal: .noIdentity, level: .content, jobs: 1).run()
        #expect(unopened.passed && unopened.level == .digest)
        // A manifest does not say that anybody has looked at its structure.
        let recorded = unopened.verification(of: "a.sql.gz.age", at: Instant(secondsSinceEpoch: 0))
        #expect(recorded.passed && recorded.level == .digest)
        #expect(unopened.hindrance?.reason == "it is encrypted, and no age identity is known here")
        let refused = try await FileVerification(file: file, seal: .refused("none opens it"), level: .content, jobs: 1).run()
        #expect(!refused.passed && refused.level == .digest)
        #expect(refused.findings.map(\.message) == ["none opens it"])
        // Where the file is not the one that was stored, that comes first: it is no wonder that no key opens it.
        let damaged = try await FileVerification(
            file: file, seal: .refused("none opens it"), level: .content, jobs: 1, expectedSHA256: "00"
        ).run()
        #expect(damaged.findings.count == 2 && damaged.findings[0].message.contains("SHA-256"))
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
