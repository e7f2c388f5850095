import BackupModel
import BackupVerification
import DumpFormat

extension Verdict {
    /// Holds what a dump that passed tells of itself against what its manifest tells of it, as a restore does. Whoever puts another dump under its name
    /// can write a manifest with the digest of that.
    mutating func hold(_ file: OpenedFile, against record: FileRecord?) async throws {
        guard passed, kind == .segmented, file.seal == nil, let record else { return }
        guard let difference = record.difference(to: try await file.index()) else { return }
        passed = false
        findings.append(Finding(difference))
    }
}

extension OpenedFile {
    /// Of a dump of ours that was just read and found whole.
    fileprivate func index() async throws -> DumpIndex {
        let bytes = contents
        do {
            return try await DumpReader(byteCount: bytes.byteCount) { try await bytes.read(at: $0, count: $1) }.index
        } catch let error as DumpFormatError {
            throw BackupError(.verificationFailed, "\(name) was changed while it was checked", cause: error)
        }
    }
}
