import BackupModel

/// What all stores are given at once.
struct TeePiece: Sendable {
    let bytes: [UInt8]
    let precedent: Precedent?
}
