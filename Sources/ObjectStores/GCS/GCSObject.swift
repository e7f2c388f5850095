import BackupModel
import FoundationEssentials

/// What Cloud Storage says of an object ("Objects" resource of the JSON API); numbers of 64 bits are strings there. Pure.
struct GCSObject: Decodable, Sendable {
    var name: String
    var size: Int64
    /// Changes with every content.
    var generation: Int64
    var crc32c: String?
    var contentEncoding: String?
    var timeCreated: Instant?
    /// Which upload of ours wrote it.
    var upload: String?
    var storageClass: String?
    var kmsKeyName: String?
    var retentionExpirationTime: String?
    var temporaryHold: Bool?
    var eventBasedHold: Bool?

    /// The key of our mark in an object's custom metadata.
    static let uploadMark = "backup-upload"

    private enum CodingKeys: String, CodingKey {
        case name, size, generation, crc32c, contentEncoding, timeCreated, metadata, storageClass, kmsKeyName
        case retentionExpirationTime, temporaryHold, eventBasedHold
    }

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        func number(_ key: CodingKeys) throws -> Int64 {
            let text = try fields.decode(String.self, forKey: key)
            guard let number = Int64(text), number >= 0 else {
                throw DecodingError.dataCorruptedError(forKey: key, in: fields, debugDescription: "\(text) is no number")
            }
            return number
        }
        name = try fields.decode(String.self, forKey: .name)
        size = try number(.size)
        generation = try number(.generation)
        crc32c = try fields.decodeIfPresent(String.self, forKey: .crc32c)
        contentEncoding = try fields.decodeIfPresent(String.self, forKey: .contentEncoding)
        timeCreated = try fields.decodeIfPresent(String.self, forKey: .timeCreated).flatMap { Instant(iso8601: $0) }
        upload = try fields.decodeIfPresent([String: String].self, forKey: .metadata)?[Self.uploadMark]
        storageClass = try fields.decodeIfPresent(String.self, forKey: .storageClass)
        kmsKeyName = try fields.decodeIfPresent(String.self, forKey: .kmsKeyName)
        retentionExpirationTime = try fields.decodeIfPresent(String.self, forKey: .retentionExpirationTime)
        temporaryHold = try fields.decodeIfPresent(Bool.self, forKey: .temporaryHold)
        eventBasedHold = try fields.decodeIfPresent(Bool.self, forKey: .eventBasedHold)
    }
}

/// One page of a listing; a page may be empty and still be followed by another.
struct GCSPage: Decodable, Sendable {
    var items: [GCSObject]?
    var nextPageToken: String?
}

/// What is sent along with an object's content.
struct GCSNewObject: Encodable, Sendable {
    var name: String
    var contentType = "application/octet-stream"
    var storageClass: String?
    /// Checked by the server against what it received.
    var crc32c: String?
    var metadata: [String: String]
    /// Only where the bucket was made for such.
    var retention: GCSRetention?

    init(name: String, upload: String, storageClass: String? = nil, crc32c: String? = nil, retention: GCSRetention? = nil) {
        self.name = name
        self.storageClass = storageClass
        self.crc32c = crc32c
        self.retention = retention
        metadata = [GCSObject.uploadMark: upload]
    }

    func json() throws -> [UInt8] { Array(try JSONEncoder().encode(self)) }
}

/// How long one object is kept, whatever the bucket says ("Object Retention Lock" of the documentation).
struct GCSRetention: Encodable, Sendable {
    /// Can be shortened and lifted, by those who may; the other one, `Locked`, by nobody.
    var mode = "Unlocked"
    /// RFC 3339.
    var retainUntilTime: String

    init(until: Instant) { retainUntilTime = until.iso8601 }
}

extension HTTPAnswer {
    /// - Throws: `.storeFailed` when the body is no such document.
    func decoded<Document: Decodable>(as type: Document.Type, from place: String) throws -> Document {
        do { return try JSONDecoder().decode(type, from: Data(body)) } catch {
            throw BackupError(
                .storeFailed, "\(place) answered with status \(status) and something that is not understood",
                hint: "Something between here and Cloud Storage may answer in its place: a proxy, a login page.", cause: error)
        }
    }
}
