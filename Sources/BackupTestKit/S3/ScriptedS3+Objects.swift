import Crypto
import FoundationEssentials

extension ScriptedReply {
    /// S3's error document.
    package static func error(_ status: Int, _ code: String, _ message: String = "", more: String = "", headers: [String: String] = [:])
        -> Self
    {
        .answer(
            status, headers: headers,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>\(code)</Code><Message>\(message)</Message>\(more)<RequestId>4442587FB7D0A2F9</RequestId></Error>"
        )
    }
}

extension ScriptedS3.State {
    mutating func answer(_ asked: Asked) -> ScriptedReply {
        switch asked.operation {
        case .head, .get: read(asked)
        case .put: put(asked)
        case .delete: delete(asked)
        case .list: list(asked)
        case .create: create(asked)
        case .part: part(asked)
        case .copy: copy(asked)
        case .complete: complete(asked)
        case .abort: uploads.removeValue(forKey: asked.query["uploadId"] ?? "") == nil ? .error(404, "NoSuchUpload") : .answer(204)
        case .uploads: listUploads(asked)
        case .parts: listParts(asked)
        case .versions: listVersions(asked)
        }
    }

    private func read(_ asked: Asked) -> ScriptedReply {
        if asked.query["versioning"] != nil, let versioning {
            return .answer(200, "<VersioningConfiguration><Status>\(versioning)</Status></VersioningConfiguration>")
        }
        guard let object = objects[asked.key] else { return asked.operation == .head ? .answer(404) : .error(404, "NoSuchKey") }
        var headers = object.headers
        headers["ETag"] = object.tag
        if let wanted = asked.request.headers["if-match"], wanted != object.tag { return .error(412, "PreconditionFailed") }
        guard asked.operation == .get else {
            headers["Content-Length"] = "\(object.bytes.count)"
            return .answer(200, headers: headers)
        }
        guard let range = asked.request.headers["range"]?.dropFirst("bytes=".count).split(separator: "-").compactMap({ Int($0) }),
            range.count == 2
        else { return .answer(200, headers: headers, body: object.bytes) }
        guard range[0] < object.bytes.count else { return .error(416, "InvalidRange") }
        let end = min(range[1], object.bytes.count - 1)
        headers["Content-Range"] = "bytes \(range[0])-\(end)/\(object.bytes.count)"
        return .answer(206, headers: headers, body: Array(object.bytes[range[0]...end]))
    }

    private func refusal(_ asked: Asked) -> ScriptedReply? {
        let object = objects[asked.key]
        if asked.request.headers["if-none-match"] == "*", object != nil { return .error(412, "PreconditionFailed") }
        guard let wanted = asked.request.headers["if-match"] else { return nil }
        guard let object else { return .error(404, "NoSuchKey") }
        return wanted == object.tag || wanted == "*" ? nil : .error(412, "PreconditionFailed")
    }

    private mutating func put(_ asked: Asked) -> ScriptedReply {
        if let refusal = refusal(asked) { return refusal }
        let checksum = Data(SHA256.hash(data: asked.request.body)).base64EncodedString()
        guard asked.request.headers["x-amz-checksum-sha256"] == checksum else { return .error(400, "BadDigest") }
        let object = ScriptedS3.Object(bytes: asked.request.body, headers: kept(asked.request.headers))
        objects[asked.key] = object
        let headers = ["ETag": object.tag, "x-amz-checksum-sha256": checksum].merging(encryption(object.headers)) { $1 }
        return .answer(200, headers: headers, body: [])
    }

    /// What S3 keeps with an object.
    private func kept(_ headers: [String: String]) -> [String: String] {
        headers.filter { $0.key.hasPrefix("x-amz-meta-") || $0.key.hasPrefix("x-amz-object-lock-") || $0.key == "x-amz-storage-class" }
            .merging(encryption(headers)) { $1 }
    }

    private func encryption(_ headers: [String: String]) -> [String: String] {
        headers.filter { $0.key.hasPrefix("x-amz-server-side-encryption") }
    }

    private mutating func delete(_ asked: Asked) -> ScriptedReply {
        objects[asked.key] = nil
        return .answer(204)
    }

    private mutating func create(_ asked: Asked) -> ScriptedReply {
        let id = "upload-\(nextUpload)"
        nextUpload += 1
        var upload = ScriptedS3.Upload(key: asked.key)
        upload.headers = kept(asked.request.headers)
        uploads[id] = upload
        return .answer(
            200, headers: encryption(upload.headers),
            "<?xml version=\"1.0\"?><InitiateMultipartUploadResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Bucket>backups</Bucket><UploadId>\(id)</UploadId></InitiateMultipartUploadResult>"
        )
    }

    private mutating func part(_ asked: Asked) -> ScriptedReply {
        guard let id = asked.query["uploadId"], uploads[id] != nil, let number = asked.query["partNumber"].flatMap({ Int($0) }) else {
            return .error(404, "NoSuchUpload")
        }
        let checksum = Data(SHA256.hash(data: asked.request.body)).base64EncodedString()
        guard asked.request.headers["x-amz-checksum-sha256"] == checksum else { return .error(400, "BadDigest") }
        uploads[id]?.parts[number] = (asked.request.body, "2026-02-14T02:00:00.000Z")
        return .answer(
            200,
            headers: ["ETag": "\"\(Insecure.MD5.hash(data: asked.request.body).hexadecimalDigits)\"", "x-amz-checksum-sha256": checksum])
    }

    private mutating func copy(_ asked: Asked) -> ScriptedReply {
        guard let id = asked.query["uploadId"], uploads[id] != nil, let number = asked.query["partNumber"].flatMap({ Int($0) }) else {
            return .error(404, "NoSuchUpload")
        }
        guard let source = asked.source, let object = objects[source.key] else { return .error(404, "NoSuchKey") }
        guard source.range.upperBound < object.bytes.count else { return .error(416, "InvalidRange") }
        let bytes = Array(object.bytes[source.range])
        uploads[id]?.parts[number] = (bytes, "2026-02-14T02:00:00.000Z")
        let checksum = Data(SHA256.hash(data: bytes)).base64EncodedString()
        return .answer(
            200,
            "<?xml version=\"1.0\"?><CopyPartResult><LastModified>2026-02-14T02:00:00.000Z</LastModified><ETag>&quot;\(Insecure.MD5.hash(data: bytes).hexadecimalDigits)&quot;</ETag><ChecksumSHA256>\(checksum)</ChecksumSHA256></CopyPartResult>"
        )
    }

    private mutating func complete(_ asked: Asked) -> ScriptedReply {
        guard let id = asked.query["uploadId"], let upload = uploads[id] else { return .error(404, "NoSuchUpload") }
        if let refusal = refusal(asked) { return refusal }
        let numbers = asked.request.text.split(separator: "<PartNumber>").dropFirst().compactMap { Int($0.prefix { $0.isNumber }) }
        guard numbers == numbers.sorted(), Set(numbers) == Set(upload.parts.keys) else { return .error(400, "InvalidPart") }
        let parts = numbers.compactMap { upload.parts[$0]?.bytes }
        var hash = SHA256()
        for part in parts { hash.update(data: Data(SHA256.hash(data: part))) }
        let tag = "\"\(Insecure.MD5.hash(data: parts.flatMap { $0 }).hexadecimalDigits)-\(parts.count)\""
        objects[upload.key] = ScriptedS3.Object(bytes: parts.flatMap { $0 }, headers: upload.headers, tag: tag)
        uploads[id] = nil
        let checksum = Data(hash.finalize()).base64EncodedString()
        return .answer(
            200,
            "<?xml version=\"1.0\"?>\n\n<CompleteMultipartUploadResult><ETag>\(tag)</ETag><ChecksumSHA256>\(checksum)-\(parts.count)</ChecksumSHA256></CompleteMultipartUploadResult>"
        )
    }
}
