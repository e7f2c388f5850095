import BackupModel
import NIOCore

extension S3TrialStore {
    /// S3 copies ranges of objects above 5 MB only.
    static let copiedBytes = 6 << 20

    /// Whether the server makes a part of an upload of what it has, so that what has not changed need not be sent again.
    func copies(_ key: String) async throws -> Trial {
        let result: Swift.Result<Trial, any Error>
        do { result = .success(Self.trial(of: try await copy(key))) } catch { result = .failure(error) }
        try await uncancelled { _ = try await store.removeTrial(key) }
        return try result.get()
    }

    private func copy(_ key: String) async throws -> S3Store.PartCopy {
        var bytes = ByteBuffer()
        for block in 0..<Self.copiedBytes >> 12 { bytes.writeRepeatingByte(UInt8(truncatingIfNeeded: block), count: 4096) }
        try await store.putWhole(key, bytes, token: S3Store.freshToken())
        let part = PartQueue.Item(number: 1, bytes: bytes.getSlice(at: 4096, length: 5 << 20) ?? bytes)
        return try await store.tryCopy(part, from: Precedent(key: key, offset: 4096), of: key)
    }

    private static func trial(of copy: S3Store.PartCopy) -> Trial {
        let hint = "Backups do without it: they send what has not changed as well."
        return switch copy {
        case .made: Trial("copies", "what has not changed since the backup before need not be sent again: the server copies it")
        case .different: Trial("copies", "the server copies other bytes than it is asked to, or none", .lacking(hint: hint))
        case .unanswered(let reason): Trial("copies", "the server does not say what came of a copy: \(reason)", .lacking(hint: hint))
        case .refused(let reason): Trial("copies", "the server copies nothing of an earlier backup: \(reason)", .lacking(hint: hint))
        }
    }
}
