import BackupModel

/// What is said of a bucket ("Buckets" resource of the JSON API). Pure.
struct GCSBucket: Decodable, Sendable {
    struct Switch: Decodable { var enabled: Bool? }
    struct Encryption: Decodable { var defaultKmsKeyName: String? }
    struct Retention: Decodable {
        /// Seconds.
        var retentionPeriod: String?
        var isLocked: Bool?
    }
    struct ObjectRetention: Decodable { var mode: String? }
    struct SoftDelete: Decodable { var retentionDurationSeconds: String? }

    var storageClass: String?
    var location: String?
    var versioning: Switch?
    var encryption: Encryption?
    var retentionPolicy: Retention?
    var objectRetention: ObjectRetention?
    var softDeletePolicy: SoftDelete?
    var defaultEventBasedHold: Bool?
}

extension GCSBucket {
    /// By what it keeps all objects, each in words.
    private var keepingAll: [String] {
        var ways: [String] = []
        if let period = retentionPolicy?.retentionPeriod.flatMap({ Int64($0) }), period > 0 {
            let isLocked = retentionPolicy?.isLocked == true
            ways.append(
                "everything is kept for \(Duration.seconds(period).briefly) (\(isLocked ? "locked" : "an administrator can lift it"))")
        }
        if defaultEventBasedHold == true { ways.append("everything is held until somebody releases it") }
        return ways
    }

    var keepsAll: Bool { !keepingAll.isEmpty }

    /// Everything that may keep an object from being deleted; empty where nothing does.
    var locks: [String] { keepingAll + (objectRetention?.mode == "Enabled" ? ["single objects can be locked"] : []) }
}

extension GCSStore {
    static func place(_ bucket: GCSBucket) -> Trial {
        let place = bucket.location.map { " in \($0)" } ?? ""
        return Trial("storage class", "the bucket's is \(bucket.storageClass ?? "unknown")\(place)")
    }

    /// By the bucket's own words.
    static func versioning(_ bucket: GCSBucket) -> Trial {
        if bucket.versioning?.enabled == true {
            return Trial("versioning", "old versions are kept, so what somebody deletes or replaces can be brought back")
        }
        let seconds = bucket.softDeletePolicy?.retentionDurationSeconds.flatMap { Int64($0) } ?? 0
        guard seconds == 0 else {
            return Trial(
                "versioning", "no old versions are kept; what is deleted can be brought back for \(Duration.seconds(seconds).briefly)")
        }
        return Trial(
            "versioning", "no old versions are kept, and nothing that is deleted can be brought back",
            .lacking(
                hint:
                    "Turn it on (`gcloud storage buckets update --versioning`) with a lifecycle rule, so that a stolen key cannot delete all."
            ))
    }

    /// - Parameter isGoogles: whether Google itself stores it, and no server that speaks like it.
    static func encryption(_ bucket: GCSBucket, isGoogles: Bool) -> Trial {
        guard isGoogles else { return foreignEncryption(bucket) }
        let key = bucket.encryption?.defaultKmsKeyName.map { "the bucket's key \($0)" } ?? "keys of Google's"
        return Trial("encryption", "what is stored is encrypted with \(key) unless BACKUP_GCS_KMS_KEY says another one")
    }

    private static func foreignEncryption(_ bucket: GCSBucket) -> Trial {
        let key = bucket.encryption?.defaultKmsKeyName.map { "; it names the key \($0)" } ?? ""
        return Trial(
            "encryption", "whether what is stored is encrypted is not known: the server is not Google's\(key)",
            .lacking(hint: "Encrypt backups themselves (BACKUP_AGE_RECIPIENTS)."))
    }
}
