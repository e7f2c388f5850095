/// Which part of Cloud Storage a store is: a bucket, and the names in it that begin with a prefix. Pure: the addresses of the JSON API.
package struct GCSLocation: Sendable, Equatable {
    package let bucket: String
    /// Without slashes at its ends; empty for the whole bucket.
    package let prefix: String
    /// Scheme and host.
    let endpoint: String
    /// Where the names of the bucket and the prefix stand, for hints.
    let origin: BucketOrigin

    package static let google = "https://storage.googleapis.com"

    /// Whether it is Google that stores there: what Google promises of all its buckets holds nowhere else.
    var isGoogles: Bool { endpoint.hasPrefix("https://") && endpoint.hasSuffix(".googleapis.com") }

    package init(bucket: String, prefix: String = "", endpoint: String = google, origin: BucketOrigin = .settings) {
        self.bucket = bucket
        self.origin = origin
        self.prefix = prefix.withoutSlashesAtEnds
        self.endpoint = endpoint.hasSuffix("/") ? String(endpoint.dropLast()) : endpoint
    }

    /// As it stands in messages and manifests.
    package var name: String { prefix.isEmpty ? "gs://\(bucket)" : "gs://\(bucket)/\(prefix)" }

    func objectName(_ key: String) -> String { prefix.isEmpty ? key : "\(prefix)/\(key)" }

    /// Nil for names outside.
    func key(ofObject name: String) -> String? {
        guard !prefix.isEmpty else { return name }
        return name.hasPrefix(prefix + "/") ? String(name.dropFirst(prefix.utf8.count + 1)) : nil
    }

    func object(_ key: String, _ query: [(String, String)] = []) -> String {
        "\(endpoint)/storage/v1/b/\(URIEscape.escape(bucket))/o/\(URIEscape.escape(objectName(key)))" + Self.text(query)
    }

    func objects(_ query: [(String, String)]) -> String { "\(endpoint)/storage/v1/b/\(URIEscape.escape(bucket))/o" + Self.text(query) }

    func bucketFacts(_ query: [(String, String)]) -> String { "\(endpoint)/storage/v1/b/\(URIEscape.escape(bucket))" + Self.text(query) }

    func upload(_ query: [(String, String)]) -> String {
        "\(endpoint)/upload/storage/v1/b/\(URIEscape.escape(bucket))/o" + Self.text(query)
    }

    /// The page of a listing that follows `token`; names below a further slash are none of ours.
    func listing(after token: String?) -> String {
        var query = [("delimiter", "/"), ("maxResults", "1000"), ("fields", "items(name,size,timeCreated,generation),nextPageToken")]
        if !prefix.isEmpty { query.append(("prefix", prefix + "/")) }
        if let token { query.append(("pageToken", token)) }
        return objects(query)
    }

    private static func text(_ query: [(String, String)]) -> String {
        query.isEmpty ? "" : "?" + query.map { "\($0.0)=\(URIEscape.escape($0.1))" }.joined(separator: "&")
    }
}

extension String {
    fileprivate var withoutSlashesAtEnds: String { String(drop { $0 == "/" }.reversed().drop { $0 == "/" }.reversed()) }
}
