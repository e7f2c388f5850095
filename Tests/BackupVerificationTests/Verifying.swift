import BackupVerification
import DumpSamples

/// The verdict on a file that is in memory.
func verdict(on bytes: [UInt8], _ level: VerificationLevel = .quick, jobs: Int = 1, sha256: String? = nil) async throws -> Verdict {
    try await FileVerification(file: BytesInMemory(bytes), level: level, jobs: jobs, expectedSHA256: sha256).run()
}
