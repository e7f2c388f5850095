import BackupModel
import FoundationEssentials

/// Where the objects of a bucket are found.
struct S3Address: Sendable {
    /// `https://host[:port]`, without a slash at the end; with the bucket in front of the host where addressing is virtual.
    let origin: String
    /// As it is signed: the port only where it is not the scheme's own.
    let host: String
    /// Where the bucket is named, for hints.
    let bucketOrigin: BucketOrigin
    /// What AWS's own program has to be told to speak to the same server, with a space before it; empty for AWS's.
    let programOptions: String
    /// Empty, or `/bucket`.
    private let root: String
    private let bucket: String
    private let prefix: String

    /// - Throws: `.invalidConfiguration` for an endpoint that is no URL of a host, and for names no bucket can have.
    init(_ options: S3Options) throws {
        try Self.validate(options)
        let endpoint = options.endpoint ?? Self.endpoint(of: options.region)
        guard let url = URL(string: endpoint), let scheme = url.scheme, ["http", "https"].contains(scheme), let name = url.host(),
            url.user() == nil, ["", "/"].contains(url.path())
        else {
            throw BackupError(
                .invalidConfiguration, "the endpoint of the bucket \(options.bucket) is no http:// or https:// URL of a host",
                hint: "Mend AWS_ENDPOINT_URL_S3 or AWS_ENDPOINT_URL: https://s3.example.com:9000, without a path and without a login.")
        }
        let port = url.port.map { $0 == (scheme == "https" ? 443 : 80) ? "" : ":\($0)" } ?? ""
        let isVirtual = Self.isVirtual(options)
        // Foundation takes the brackets of an IPv6 address away.
        host = (isVirtual ? "\(options.bucket)." : "") + (name.contains(":") ? "[\(name)]" : name) + port
        origin = "\(scheme)://\(host)"
        root = isVirtual ? "" : "/\(options.bucket)"
        prefix = options.prefix
        bucket = options.bucket
        bucketOrigin = options.origin
        programOptions = options.endpoint.map { " --endpoint-url \(Shell.quoted($0))" } ?? ""
    }

    /// Escaped; nil means the bucket itself.
    func path(to key: String?) -> String {
        guard let key else { return root.isEmpty ? "/" : root }
        return "\(root)/" + URIEscape.escape(prefix + key, keepingSlash: true)
    }

    /// As a request names it that copies from it (`x-amz-copy-source`): escaped, and with the bucket wherever that stands in addresses.
    func source(_ key: String) -> String { "\(bucket)/" + URIEscape.escape(prefix + key, keepingSlash: true) }

    /// Regions of China are a partition of their own.
    private static func endpoint(of region: String) -> String {
        "https://s3.\(region).amazonaws.com" + (region.hasPrefix("cn-") ? ".cn" : "")
    }

    /// AWS's certificate covers one label before its own name, so a bucket with dots in its name cannot stand there.
    private static func isVirtual(_ options: S3Options) -> Bool {
        switch options.addressing {
        case .virtual: true
        case .path: false
        case .automatic: options.endpoint == nil && !options.bucket.contains(".")
        }
    }

    private static func validate(_ options: S3Options) throws {
        let signs = options.bucket.utf8
        let isName = signs.count >= 3 && signs.count <= 255 && signs.allSatisfy { isNameSign($0) }
        guard isName else {
            throw BackupError(
                .invalidConfiguration, "“\(options.bucket)” cannot be the name of a bucket",
                hint: options.origin == .url
                    ? "URLs are s3://BUCKET/PREFIX/FILE, and end with the name of a file, an ID or “latest”."
                    : "BACKUP_S3_BUCKET is the name alone, without s3:// and without a path; the path goes into BACKUP_S3_PREFIX.")
        }
        guard !options.prefix.split(separator: "/").contains(where: { $0 == "." || $0 == ".." }) else {
            throw BackupError(
                .invalidConfiguration, "the prefix “\(options.prefix)” has a part . or .., which programs on the way would resolve",
                hint: "Choose another prefix in \(options.origin.text("BACKUP_S3_PREFIX")).")
        }
    }

    private static func isNameSign(_ byte: UInt8) -> Bool {
        let sign = Character(Unicode.Scalar(byte))
        return sign.isASCII && (sign.isLetter || sign.isNumber || sign == "-" || sign == "." || sign == "_")
    }
}
