package import BackupModel
import BytePipeline
package import ObjectStores

/// A bucket of Google Cloud Storage to keep backups in. Credentials are looked for as Google's own programs do, with what `.env` and the YAML file
/// say of them in the environment's place.
package struct GCSSettings: Sendable {
    package var bucket: String
    package var prefix: String
    package var options: GCSOptions
    /// `http://host:port` of a server that is not Google's and asks for no credentials.
    package var emulator: String?
    /// For the search for credentials.
    private var environment: [String: String]
    private var http = HTTPOptions()
    private(set) var rateLimit: ByteRate?

    package var name: String { GCSLocation(bucket: bucket, prefix: prefix).name }

    /// Nil when no bucket is named.
    init?(_ read: SettingReader) throws {
        guard let bucket = try read.given(.gcsBucket) else { return nil }
        guard Self.isBucketName(bucket) else {
            throw BackupError(
                .invalidConfiguration, "BACKUP_GCS_BUCKET is “\(bucket)”\(read.place(.gcsBucket)), which is no name of a bucket",
                hint: "Give the name alone, without gs:// and without a path; what stands before the keys belongs into BACKUP_GCS_PREFIX.")
        }
        self.bucket = bucket
        prefix = try read.given(.gcsPrefix) ?? ""
        options = GCSOptions(storageClass: try read.given(.gcsStorageClass)?.uppercased(), kmsKey: try read.given(.gcsKMSKey))
        emulator = try read.given(.storageEmulatorHost).map { $0.contains("://") ? $0 : "http://\($0)" }
        rateLimit = try read.rate(.gcsRateLimit)
        environment = read.context.environment
        environment["GOOGLE_APPLICATION_CREDENTIALS"] = try read.path(.googleCredentials)
        environment["GCE_METADATA_HOST"] = try read.given(.metadataHost)
        http.stallLimit = min(try read.duration(.stallTimeout), .seconds(60))
        http.proxy = HTTPProxy(for: emulator ?? GCSLocation.google, environment: environment)
    }

    /// "Bucket naming requirements" of Google's documentation, as far as a URL could be broken.
    private static func isBucketName(_ name: String) -> Bool {
        (3...222).contains(name.utf8.count)
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
                    UInt8(ascii: "."):
                    true
                default: false
                }
            }
    }

    /// Nothing is asked of a server yet.
    /// - Throws: `.invalidConfiguration` when a file that is named cannot be read.
    package func store(context: RunContext) throws -> GCSStore { try store(bucket, prefix, from: .settings, context) }

    /// Another bucket or prefix of the same server.
    package func store(bucket: String, prefix: String, context: RunContext) throws -> GCSStore {
        try store(bucket, prefix, from: .url, context)
    }

    private func store(_ bucket: String, _ prefix: String, from origin: BucketOrigin, _ context: RunContext) throws -> GCSStore {
        var http = http
        http.rateLimit = rateLimit.map { RateLimit($0, clock: context.clock) }
        var context = context
        context.environment = environment
        let location = GCSLocation(bucket: bucket, prefix: prefix, endpoint: emulator ?? GCSLocation.google, origin: origin)
        let credentials: any GoogleCredentialSource =
            emulator == nil ? try GoogleCredentialChain(context: context, http: http) : NoGoogleCredentials()
        return try GCSStore(location, options: options, credentials: credentials, http: http, context: context)
    }
}

extension Setting {
    static let gcsBucket = Setting("BACKUP_GCS_BUCKET", "gcs.bucket", .text, "A bucket of Google Cloud Storage to keep backups in.")
    static let gcsPrefix = Setting("BACKUP_GCS_PREFIX", "gcs.prefix", .text, "What stands before every name there, without the last slash.")
    static let googleCredentials = Setting(
        "GOOGLE_APPLICATION_CREDENTIALS", "gcs.credentials", .path,
        "A service account's key file, or a user's login. Unset: gcloud's login, then the host's metadata server, as Google's programs do.")
    static let metadataHost = Setting(
        "GCE_METADATA_HOST", "gcs.metadata_host", .text, standard: "metadata.google.internal", "Where the host's metadata server is.")
    static let storageEmulatorHost = Setting(
        "STORAGE_EMULATOR_HOST", "gcs.emulator_host", .text,
        "A server to use in place of Google's, without credentials: host:port or a URL.")
    static let gcsStorageClass = Setting(
        "BACKUP_GCS_STORAGE_CLASS", "gcs.storage_class", .text,
        "The storage class of what is stored, such as NEARLINE or ARCHIVE. Unset: the bucket's own.")
    static let gcsKMSKey = Setting(
        "BACKUP_GCS_KMS_KEY", "gcs.kms_key", .text,
        "The key of Cloud KMS to encrypt with: projects/…/locations/…/keyRings/…/cryptoKeys/…. Unset: the bucket's own.")
    static let gcsRateLimit = Setting(
        "BACKUP_GCS_RATE_LIMIT", "gcs.rate_limit", .rate, "Upper bound for what is sent there, bytes per second.")

    static let gcs = [
        gcsBucket, gcsPrefix, googleCredentials, metadataHost, storageEmulatorHost, gcsStorageClass, gcsKMSKey, gcsRateLimit,
    ]
}
