package import BackupModel
import BytePipeline
package import ObjectStores

/// A bucket of an S3 server to keep backups in. Credentials are looked for as AWS's own programs do, with what `.env` and the YAML file say of them
/// in the environment's place.
package struct S3Settings: Sendable {
    package var options: S3Options
    /// For the search for credentials: the process's environment, and what files set of AWS's variables.
    private var environment: [String: String]
    /// Where the access key stands: `/etc/backup.env:3`; nil where it is set nowhere, or in the environment.
    private var keyPlace: String?
    private(set) var rateLimit: ByteRate?

    var region: String { options.region }

    /// Nil when no bucket is named.
    init?(_ read: SettingReader) throws {
        guard let bucket = try read.given(.s3Bucket) else { return nil }
        let region = try read.given(.awsRegion) ?? read.given(.awsDefaultRegion) ?? "us-east-1"
        let endpoint = try read.given(.awsEndpointS3) ?? read.given(.awsEndpoint)
        options = S3Options(bucket: bucket, prefix: try read.given(.s3Prefix) ?? "", region: region, endpoint: endpoint)
        options.addressing = S3Options.Addressing(rawValue: try read.choice(.s3Addressing)) ?? .automatic
        options.storageClass = try read.given(.s3StorageClass)
        options.encryption = try Self.encryption(read)
        options.retention = try Self.retention(read)
        options.hasLegalHold = try read.choice(.s3LegalHold) == "on"
        options.http.authorities = try read.path(.awsAuthorities)
        options.http.stallLimit = min(try read.duration(.stallTimeout), .seconds(60))
        options.http.proxy = HTTPProxy(for: endpoint ?? "https://s3.amazonaws.com", environment: read.context.environment)
        rateLimit = try read.rate(.s3RateLimit)
        environment = try read.context.environment.merging(read.awsVariables()) { $1 }
        keyPlace = read.file(of: .awsAccessKeyID)
        try options.validate()
    }

    /// Nothing is asked of a server yet, and no credentials are looked for.
    /// - Throws: `.invalidConfiguration` when a file that is named cannot be read.
    package func store(context: RunContext) throws -> S3Store { try store(options, context: context) }

    /// Another bucket or prefix of the same server.
    package func store(bucket: String, prefix: String, context: RunContext) throws -> S3Store {
        let named = S3Options(bucket: bucket, prefix: prefix)
        var options = options
        (options.bucket, options.prefix, options.origin) = (named.bucket, named.prefix, .url)
        return try store(options, context: context)
    }

    private func store(_ options: S3Options, context: RunContext) throws -> S3Store {
        var options = options
        options.http.rateLimit = rateLimit.map { RateLimit($0, clock: context.clock) }
        return try S3Store(options, credentials: try credentials(context), context: context)
    }

    private func credentials(_ context: RunContext) throws -> AWSCredentialChain {
        var (context, http) = (context, options.http)
        context.environment = environment
        http.proxy = HTTPProxy(for: "https://sts.amazonaws.com", environment: environment)
        return try AWSCredentialChain(context: context, http: http, place: keyPlace)
    }

    private static func encryption(_ read: SettingReader) throws -> S3Options.Encryption {
        let keyID = try read.given(.s3KMSKeyID)
        switch try read.choice(.s3Encryption) {
        case "s3": return .s3
        case "kms": return .kms(keyID: keyID)
        default:
            guard keyID == nil else {
                throw BackupError(
                    .invalidConfiguration, "BACKUP_S3_KMS_KEY_ID\(read.place(.s3KMSKeyID)) is set, and BACKUP_S3_ENCRYPTION is not kms",
                    hint: "Set BACKUP_S3_ENCRYPTION=kms, or take the key away.")
            }
            return .bucket
        }
    }

    private static func retention(_ read: SettingReader) throws -> S3Options.Retention? {
        let mode = S3Options.Retention.Mode(rawValue: try read.choice(.s3LockMode).uppercased())
        switch (mode, try read.integer(.s3LockDays)) {
        case (let mode?, let days?): return S3Options.Retention(mode: mode, days: days)
        case (nil, nil): return nil
        case (nil, _):
            throw BackupError(
                .invalidConfiguration, "BACKUP_S3_LOCK_DAYS\(read.place(.s3LockDays)) is set without BACKUP_S3_LOCK_MODE",
                hint: "Set BACKUP_S3_LOCK_MODE=governance or compliance, or take the days away.")
        case (_, nil):
            throw BackupError(
                .invalidConfiguration, "BACKUP_S3_LOCK_MODE\(read.place(.s3LockMode)) is set without BACKUP_S3_LOCK_DAYS",
                hint: "Say for how many days backups are to be locked; nobody can shorten it in compliance mode.")
        }
    }
}

extension Setting {
    static let s3Bucket = Setting(
        "BACKUP_S3_BUCKET", "s3.bucket", .text, "A bucket of S3, or of a server that speaks as it, to keep backups in.")
    static let s3Prefix = Setting("BACKUP_S3_PREFIX", "s3.prefix", .text, "What stands before every key there, without the last slash.")
    static let awsRegion = Setting(
        "AWS_REGION", "s3.region", .text, standard: "us-east-1", "The region of the bucket.")
    static let awsDefaultRegion = Setting("AWS_DEFAULT_REGION", "s3.default_region", .text, "The same, where AWS_REGION is not set.")
    static let awsEndpointS3 = Setting(
        "AWS_ENDPOINT_URL_S3", "s3.endpoint", .text, "http:// or https:// and host of a server that is not AWS's.")
    static let awsEndpoint = Setting("AWS_ENDPOINT_URL", "s3.endpoint_url", .text, "The same, where AWS_ENDPOINT_URL_S3 is not set.")
    static let awsAuthorities = Setting(
        "AWS_CA_BUNDLE", "s3.ca_bundle", .path, "A PEM file of certificate authorities to trust in place of the system's.")
    static let s3Addressing = Setting(
        "BACKUP_S3_ADDRESSING", "s3.addressing", .choice(["auto", "virtual", "path"]), standard: "auto",
        "Where the bucket stands in a URL: before the host (virtual) or in the path; auto: virtual for AWS, path for other servers.")
    static let s3StorageClass = Setting(
        "BACKUP_S3_STORAGE_CLASS", "s3.storage_class", .text,
        "The storage class of what is stored, such as STANDARD_IA or GLACIER_IR. Classes that have to be restored first cannot be verified."
    )
    static let s3Encryption = Setting(
        "BACKUP_S3_ENCRYPTION", "s3.encryption", .choice(["bucket", "s3", "kms"]), standard: "bucket",
        "Encryption by the server: what the bucket does by itself, SSE-S3, or SSE-KMS.")
    static let s3KMSKeyID = Setting("BACKUP_S3_KMS_KEY_ID", "s3.kms_key_id", .text, "The key of SSE-KMS. Unset: AWS's own.")
    static let s3LockMode = Setting(
        "BACKUP_S3_LOCK_MODE", "s3.lock.mode", .choice(["none", "governance", "compliance"]), standard: "none",
        "Locks what is stored against deletion, in a bucket with object lock; compliance cannot be lifted by anybody.")
    static let s3LockDays = Setting("BACKUP_S3_LOCK_DAYS", "s3.lock.days", .integer(1...36_500), "For how many days.")
    static let s3LegalHold = Setting(
        "BACKUP_S3_LEGAL_HOLD", "s3.lock.legal_hold", .choice(["off", "on"]), standard: "off",
        "Puts what is stored under a legal hold, which lasts until somebody lifts it.")
    static let s3RateLimit = Setting(
        "BACKUP_S3_RATE_LIMIT", "s3.rate_limit", .rate, "Upper bound for what is sent there, bytes per second.")

    static let s3 =
        [s3Bucket, s3Prefix, awsRegion, awsDefaultRegion, awsEndpointS3, awsEndpoint, awsAuthorities] + awsCredentials + [
            s3Addressing, s3StorageClass, s3Encryption, s3KMSKeyID, s3LockMode, s3LockDays, s3LegalHold, s3RateLimit,
        ]
}
