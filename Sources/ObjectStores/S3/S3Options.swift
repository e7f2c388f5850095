import BackupModel

/// Which bucket is meant, and how objects are to be kept there.
package struct S3Options: Sendable {
    package var bucket: String
    /// Empty, or what stands before every key, with a slash at its end.
    package var prefix: String
    /// Where the names of the bucket and the prefix stand, for hints.
    package var origin = BucketOrigin.settings
    package var region: String
    /// `https://host[:port]` of a server that is not AWS; nil: AWS.
    package var endpoint: String?
    package var addressing: Addressing = .automatic
    /// `STANDARD_IA`, `GLACIER_IR` and so on; nil: what the bucket does by itself.
    package var storageClass: String?
    package var encryption: Encryption = .bucket
    package var retention: Retention?
    package var hasLegalHold = false
    /// Of the first parts of a large object; later ones grow. At least 5 MiB, at most 64.
    package var partSize = S3Options.usualPartSize
    package static let usualPartSize = 8 << 20
    /// Parts sent at the same time, while they are small.
    package var partsAtOnce = 4
    /// How long an unfinished upload must have stood still before it counts as abandoned, when nobody knows whose it is.
    package var staleUploadAge: Duration = .seconds(86_400)
    package var http = HTTPOptions()
    package var retry = RetryPolicy()

    /// - Parameter prefix: with or without slashes at its ends.
    package init(bucket: String, prefix: String = "", region: String = "us-east-1", endpoint: String? = nil) {
        self.bucket = bucket
        let parts = prefix.split(separator: "/")
        self.prefix = parts.isEmpty ? "" : parts.joined(separator: "/") + "/"
        self.region = region
        self.endpoint = endpoint
    }
}

extension S3Options {
    package enum Addressing: String, Sendable, CaseIterable {
        /// `virtual` for AWS, `path` for other servers.
        case automatic = "auto"
        /// `https://bucket.host/key`
        case virtual
        /// `https://host/bucket/key`
        case path
    }

    package enum Encryption: Sendable, Equatable {
        /// What the bucket does by itself.
        case bucket
        /// SSE-S3.
        case s3
        /// SSE-KMS; nil takes AWS's own key.
        case kms(keyID: String?)
    }

    /// Object lock.
    package struct Retention: Sendable, Equatable {
        package enum Mode: String, Sendable, CaseIterable {
            case governance = "GOVERNANCE"
            case compliance = "COMPLIANCE"
        }

        package var mode: Mode
        package var days: Int

        package init(mode: Mode, days: Int) {
            self.mode = mode
            self.days = days
        }
    }

    /// - Throws: `.invalidConfiguration` for an endpoint that is no URL of a host, and for names no bucket can have.
    package func validate() throws { _ = try S3Address(self) }

    /// `s3://bucket/prefix`
    package var name: String { "s3://\(bucket)" + (prefix.isEmpty ? "" : "/\(prefix.dropLast())") }
}
