import BackupModel
import NIOCore
import NIOHTTP1

extension S3TrialStore {
    /// Where the server keeps what is stored, as HEAD says it.
    func storageClass(_ key: String) async throws -> Trial {
        try await cleaning(key) { _ in
            try await store.putWhole(key, ByteBuffer(string: "where?\n"), token: S3Store.freshToken())
            let head = try await store.client.send(S3Request(.head, key))
            return Self.classTrial(head.headers.first(name: "x-amz-storage-class"), wanted: configured.storageClass)
        }
    }

    /// - Parameter found: nil stands for STANDARD, which servers do not name.
    static func classTrial(_ found: String?, wanted: String?) -> Trial {
        let found = found ?? standard
        if archives.contains(found) {
            return Trial(
                "storage class", "\(found): what is stored has to be restored from the archive before anybody can read it",
                .lacking(hint: "Choose BACKUP_S3_STORAGE_CLASS=GLACIER_IR, which is read at once: in \(found) nothing can be verified."))
        }
        guard found == wanted ?? found else {
            let message = "the server keeps what is stored in \(found), although BACKUP_S3_STORAGE_CLASS asks for \(wanted ?? found)"
            return Trial(
                "storage class", message,
                .lacking(hint: "Take a class that the server has, or take the setting away: what is kept may cost more than is meant."))
        }
        return Trial("storage class", "what is stored is kept in \(found)")
    }

    private static let standard = "STANDARD"
    /// What lies there is refused with InvalidObjectState until it was restored.
    private static let archives: Set = ["GLACIER", "DEEP_ARCHIVE"]
}
