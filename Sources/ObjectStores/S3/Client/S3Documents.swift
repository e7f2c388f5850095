import BackupModel

/// The documents of S3's protocol, as far as they are used. What some server or other leaves out is optional.
struct S3ErrorDocument: Decodable, Sendable {
    var code: String?
    var message: String?
    var region: String?
    var endpoint: String?
    var requestId: String?
}

struct S3Listing: Decodable {
    struct Entry: Decodable {
        var key: String
        var lastModified: String
        var eTag: String?
        var size: Int64
    }

    static let root = "ListBucketResult"

    var contents: [Entry]?
    var isTruncated: Bool?
    var nextContinuationToken: String?
    var encodingType: String?
}

struct S3CreatedUpload: Decodable {
    static let root = "InitiateMultipartUploadResult"

    var uploadId: String
}

struct S3CopiedPart: Decodable {
    static let root = "CopyPartResult"

    var eTag: String?
    var checksumSHA256: String?
}

struct S3CompletedUpload: Decodable {
    static let root = "CompleteMultipartUploadResult"

    var eTag: String?
    var checksumSHA256: String?
}

struct S3Uploads: Decodable {
    struct Entry: Decodable {
        var key: String
        var uploadId: String
        var initiated: String?
    }

    static let root = "ListMultipartUploadsResult"

    var upload: [Entry]?
    var isTruncated: Bool?
    var nextKeyMarker: String?
    var nextUploadIdMarker: String?
    var encodingType: String?
}

struct S3Parts: Decodable {
    struct Entry: Decodable {
        var partNumber: Int
        var eTag: String?
        var checksumSHA256: String?
        var lastModified: String?
        var size: Int64?
    }

    static let root = "ListPartsResult"

    var part: [Entry]?
    var isTruncated: Bool?
    var nextPartNumberMarker: Int?
}

struct S3Versioning: Decodable {
    static let root = "VersioningConfiguration"

    var status: String?
}

struct S3LockConfiguration: Decodable {
    static let root = "ObjectLockConfiguration"

    var objectLockEnabled: String?
}

/// The list of parts that completes an upload.
struct S3Part: Sendable {
    var number: Int
    var bytes: Int
    /// As the server gave it, with its quotes.
    var tag: String
    /// Base 64 of the part's SHA-256.
    var checksum: String
}

extension [S3Part] {
    var completion: String {
        let parts = map { part in
            "<Part><PartNumber>\(part.number)</PartNumber><ETag>\(part.tag.escapedForXML)</ETag>"
                + "<ChecksumSHA256>\(part.checksum)</ChecksumSHA256></Part>"
        }
        return "<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">\(parts.joined())</CompleteMultipartUpload>"
    }
}

extension String {
    /// A tag is the server's text: it must not end up as markup of ours.
    fileprivate var escapedForXML: String {
        var escaped = ""
        for sign in self {
            switch sign {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            default: escaped.append(sign)
            }
        }
        return escaped
    }
}
