import BackupCatalog
import BackupModel
import BytePipeline
import ObjectStores
import Testing

/// One backup of a database, encrypted to these; to none it is plain.
func publishBackup(in store: LocalStore, to recipients: [AgeRecipient]) async throws {
    let id = try #require(RecoveryPointID("20260214T020000Z"))
    let begin = try #require(id.instant)
    let plain = ArtifactName.dump(of: "call_center", id: id, format: .gzippedSQL)
    let key = recipients.isEmpty ? plain : ArtifactName.encrypted(plain)
    try await store.put(key) { sink in
        guard !recipients.isEmpty else { return try await sink.write([1, 2, 3]) }
        let sealing = try AgeEncryptingSink(sink, to: recipients)
        try await sealing.write([1, 2, 3])
        try await sealing.finish()
    }
    let summary = try await store.open(key).summary()
    let artifact = Artifact(
        key: key, kind: .postgresDump, format: .gzippedSQL, database: "call_center", bytes: summary.bytes, sha256: summary.sha256,
        encryption: recipients.isEmpty ? nil : Encryption(recipients: recipients.map(\.fingerprint)))
    try await Catalog(store: store).publish(Manifest(id: id, startedAt: begin, finishedAt: begin, artifacts: [artifact]))
}
