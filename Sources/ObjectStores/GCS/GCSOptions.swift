/// How objects are written.
package struct GCSOptions: Sendable {
    /// Nil: the bucket's own.
    package var storageClass: String?
    /// The full name of a Cloud KMS key; nil: what the bucket says.
    package var kmsKey: String?
    /// How much is sent at once, and held in memory: a multiple of 256 KiB by the protocol, 8 MiB by its documentation's advice.
    var pieceSize = GCSOptions.usualPieceSize
    package static let usualPieceSize = 8 << 20
    package var retry = RetryPolicy()

    package init(storageClass: String? = nil, kmsKey: String? = nil) {
        self.storageClass = storageClass
        self.kmsKey = kmsKey
    }

    /// What goes into the address of every request that makes an object.
    func query(_ type: String, generation: Int64) -> [(String, String)] {
        [("uploadType", type), ("ifGenerationMatch", "\(generation)")] + (kmsKey.map { [("kmsKeyName", $0)] } ?? [])
    }
}
