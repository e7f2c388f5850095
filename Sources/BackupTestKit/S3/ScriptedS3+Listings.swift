import Crypto

extension ScriptedS3.State {
    func list(_ asked: Asked) -> ScriptedReply {
        let prefix = asked.query["prefix"] ?? ""
        let keys = objects.keys.filter { $0.hasPrefix(prefix) && !$0.dropFirst(prefix.count).contains("/") }.sorted()
        let after = asked.query["continuation-token"] ?? ""
        let page = keys.filter { $0 > after }.prefix(pageSize)
        let entries = page.map { key in
            let object = objects[key]
            return
                "<Contents><Key>\(escaped(key))</Key><LastModified>2026-02-14T02:00:00.000Z</LastModified><ETag>\(object?.tag ?? "")</ETag><Size>\(object?.bytes.count ?? 0)</Size></Contents>"
        }
        let isTruncated = keys.last.map { $0 != page.last } ?? false
        let next = isTruncated ? "<NextContinuationToken>\(page.last ?? "")</NextContinuationToken>" : ""
        return .answer(
            200,
            "<?xml version=\"1.0\"?><ListBucketResult><IsTruncated>\(isTruncated)</IsTruncated><EncodingType>url</EncodingType>\(next)\(entries.joined())</ListBucketResult>"
        )
    }

    /// One of each object, the last.
    func listVersions(_ asked: Asked) -> ScriptedReply {
        guard versioning != nil else { return .error(501, "NotImplemented") }
        let keys = objects.keys.filter { $0.hasPrefix(asked.query["prefix"] ?? "") }.sorted()
        let entries = keys.map { "<Version><Key>\(escaped($0))</Key><VersionId>null</VersionId></Version>" }
        return .answer(200, "<ListVersionsResult><EncodingType>url</EncodingType>\(entries.joined())</ListVersionsResult>")
    }

    func listUploads(_ asked: Asked) -> ScriptedReply {
        let prefix = asked.query["prefix"] ?? ""
        let found = uploads.filter { $0.value.key.hasPrefix(prefix) }.sorted { ($0.value.key, $0.key) < ($1.value.key, $1.key) }
        let marker = (asked.query["key-marker"] ?? "", asked.query["upload-id-marker"] ?? "")
        let page = found.filter { ($0.value.key, $0.key) > marker }.prefix(pageSize)
        let entries = page.map { id, upload in
            "<Upload><Key>\(escaped(upload.key))</Key><UploadId>\(id)</UploadId><Initiated>\(upload.initiated)</Initiated></Upload>"
        }
        let isTruncated = found.last.map { $0.key != page.last?.key } ?? false
        let next =
            isTruncated
            ? "<NextKeyMarker>\(escaped(page.last?.value.key ?? ""))</NextKeyMarker><NextUploadIdMarker>\(page.last?.key ?? "")</NextUploadIdMarker>"
            : ""
        return .answer(
            200,
            "<ListMultipartUploadsResult><EncodingType>url</EncodingType><IsTruncated>\(isTruncated)</IsTruncated>\(next)\(entries.joined())</ListMultipartUploadsResult>"
        )
    }

    func listParts(_ asked: Asked) -> ScriptedReply {
        guard let upload = uploads[asked.query["uploadId"] ?? ""] else { return .error(404, "NoSuchUpload") }
        let after = asked.query["part-number-marker"].flatMap { Int($0) } ?? 0
        let page = upload.parts.filter { $0.key > after }.sorted { $0.key < $1.key }.prefix(pageSize)
        let entries = page.map { number, part in
            let tag = "&quot;\(Insecure.MD5.hash(data: part.bytes).hexadecimalDigits)&quot;"
            return
                "<Part><PartNumber>\(number)</PartNumber><LastModified>\(part.modified)</LastModified><ETag>\(tag)</ETag><Size>\(part.bytes.count)</Size></Part>"
        }
        let last = page.last?.key ?? 0
        let isTruncated = upload.parts.keys.contains { $0 > last }
        return .answer(
            200,
            "<ListPartsResult><IsTruncated>\(isTruncated)</IsTruncated><NextPartNumberMarker>\(last)</NextPartNumberMarker>\(entries.joined())</ListPartsResult>"
        )
    }

    private func escaped(_ key: String) -> String {
        key.utf8.map { byte in
            let sign = Character(Unicode.Scalar(byte))
            return byte < 128 && (sign.isLetter || sign.isNumber || "-._~/".contains(sign))
                ? String(sign) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        }.joined()
    }
}
