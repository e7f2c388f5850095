import BackupModel
import ObjectStores

extension ConfigurationCheck {
    /// Limits of buckets under which the sending of one part takes longer than a store is waited for: nothing else would look like a store that hangs.
    /// What a bucket has taken is known part by part.
    var rates: [Finding] {
        let s3 = configuration.s3?.rateLimit.flatMap { tooLow("BACKUP_S3_RATE_LIMIT", $0, Int64(S3Options.usualPartSize)) }
        let gcs = configuration.gcs?.rateLimit.flatMap { tooLow("BACKUP_GCS_RATE_LIMIT", $0, Int64(GCSOptions.usualPieceSize)) }
        return [s3, gcs].compactMap { $0 }
    }

    private func tooLow(_ name: String, _ rate: ByteRate, _ partBytes: Int64) -> Finding? {
        let lag = configuration.storeLagLimit
        guard lag > .zero else { return nil }
        let least = ByteRate(bytesPerSecond: Int64(Double(partBytes) / (lag / .seconds(1))))
        guard rate.bytesPerSecond < least.bytesPerSecond else { return nil }
        return Finding(
            name: name,
            message: "at \(rate) a part of \(ByteSize(partBytes)) takes longer than the \(lag.briefly) of BACKUP_STORE_LAG_LIMIT",
            outcome: .doubtful(
                hint: "A run would take the bucket for one that hangs, and go on without it: raise \(name) above \(least), or "
                    + "BACKUP_STORE_LAG_LIMIT."))
    }
}
