import Crypto
import NIOCore
import NIOFoundationCompat
import NIOHTTP1

/// One request of S3's protocol before it is signed.
struct S3Request: Sendable {
    var operation: S3Operation
    /// Without the prefix; nil for what concerns the bucket.
    var key: String?
    var query: [(name: String, value: String)] = []
    var headers: [(name: String, value: String)] = []
    var body = ByteBuffer()
    /// Hexadecimal SHA-256 of the body; nil: it is computed.
    var payloadHash: String?
    var answerLimit = HTTPCall.documentLimit
    /// How long the server may be silent, where that is less than for other requests.
    var stallLimit: Duration?

    init(
        _ operation: S3Operation, _ key: String? = nil, query: [(name: String, value: String)] = [],
        headers: [(name: String, value: String)] = [], body: ByteBuffer = ByteBuffer()
    ) {
        self.operation = operation
        self.key = key
        self.query = query
        self.headers = headers
        self.body = body
    }
}

/// What may be asked of a bucket.
enum S3Operation: Sendable {
    case head, get, put, delete, list
    case createUpload, uploadPart, copyPart, completeUpload, abortUpload, listUploads, listParts
    case versioning, lockConfiguration, listVersions, getVersion, deleteVersion, legalHold

    var method: HTTPMethod {
        switch self {
        case .head: .HEAD
        case .get, .list, .listUploads, .listParts, .versioning, .lockConfiguration, .listVersions, .getVersion, .legalHold: .GET
        case .put, .uploadPart, .copyPart: .PUT
        case .delete, .abortUpload, .deleteVersion: .DELETE
        case .createUpload, .completeUpload: .POST
        }
    }

    /// What a policy has to allow for it.
    var permission: String {
        switch self {
        case .head, .get, .copyPart: "s3:GetObject"
        case .put, .createUpload, .uploadPart, .completeUpload: "s3:PutObject"
        case .delete: "s3:DeleteObject"
        case .list: "s3:ListBucket"
        case .abortUpload: "s3:AbortMultipartUpload"
        case .listUploads: "s3:ListBucketMultipartUploads"
        case .listParts: "s3:ListMultipartUploadParts"
        case .versioning: "s3:GetBucketVersioning"
        case .lockConfiguration: "s3:GetBucketObjectLockConfiguration"
        case .listVersions: "s3:ListBucketVersions"
        case .getVersion: "s3:GetObjectVersion"
        case .deleteVersion: "s3:DeleteObjectVersion"
        case .legalHold: "s3:GetObjectLegalHold"
        }
    }

    /// For messages: “cannot … KEY”.
    var verb: String {
        switch self {
        case .head: "look at"
        case .get: "read"
        case .put, .createUpload, .uploadPart: "store"
        case .copyPart: "copy a part of an earlier file into"
        case .completeUpload: "complete"
        case .delete: "delete"
        case .listVersions: "list the versions in"
        case .getVersion: "read an old version of"
        case .deleteVersion: "delete a version of"
        case .legalHold: "ask for the legal hold of"
        case .list: "list"
        case .abortUpload: "abort the upload of"
        case .listUploads: "list the unfinished uploads of"
        case .listParts: "list the parts of"
        case .versioning, .lockConfiguration: "ask for the settings of"
        }
    }
}

extension ByteBuffer {
    /// Hexadecimal SHA-256 of what is readable.
    var sha256: SHA256Digest {
        var hash = SHA256()
        withUnsafeReadableBytes { hash.update(bufferPointer: $0) }
        return hash.finalize()
    }
}

enum SHA256Hash {
    /// Of no bytes at all.
    static let ofNothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
}
