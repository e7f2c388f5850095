import BackupModel
import FoundationEssentials
import NIOCore
import NIOHTTP1

/// An object written with one request, its facts and its content in one body ("multipart upload" of the documentation). The server checks the
/// content against the checksum among the facts.
struct GCSDocument: Sendable {
    let client: GCSClient
    let options: GCSOptions
    let key: String
    var retention: GCSRetention?
    /// Found in the object, it tells ours from somebody else's of the same name.
    let mark = UUID().uuidString

    /// - Parameter generation: of what is replaced; 0: nothing may be there.
    /// - Returns: nil when something else is there by now.
    func store(_ bytes: [UInt8], replacing generation: Int64) async throws -> GCSObject? {
        let operation: GCSOperation = retention != nil ? .lock(key) : generation == 0 ? .create(key) : .replace(key)
        let checksum = CRC32C(of: bytes).base64
        let (answer, failures) = try await client.sendCounting(operation, try call(bytes, checksum, generation))
        if answer.status == 412 {
            // The answer to an attempt before may have been lost, and it may be ours that is there.
            guard failures > 0, let object = try await client.facts(key), object.upload == mark else { return nil }
            return try await verified(object, Int64(bytes.count), checksum, isNew: generation == 0)
        }
        guard answer.isSuccess else { throw await client.error(of: answer, operation) }
        return try await verified(
            try answer.decoded(as: GCSObject.self, from: client.location.name), Int64(bytes.count), checksum, isNew: generation == 0)
    }

    /// Removes what `store` made although nobody was told so: the answer was lost, or nobody waited for it any more.
    func takeBack() async throws { try await client.remove(key, madeBy: mark) }

    private func call(_ bytes: [UInt8], _ checksum: String, _ generation: Int64) throws -> HTTPCall {
        let facts = GCSNewObject(
            name: client.location.objectName(key), upload: mark, storageClass: options.storageClass, crc32c: checksum, retention: retention)
        var body = ByteBuffer()
        body.reserveCapacity(bytes.count + 1024)
        body.writeString("--\(mark)\r\nContent-Type: application/json; charset=UTF-8\r\n\r\n")
        body.writeBytes(try facts.json())
        body.writeString("\r\n--\(mark)\r\nContent-Type: application/octet-stream\r\n\r\n")
        body.writeBytes(bytes)
        body.writeString("\r\n--\(mark)--\r\n")
        return HTTPCall(
            .POST, client.location.upload(options.query("multipart", generation: generation)),
            headers: ["Content-Type": "multipart/related; boundary=\(mark)"], body: body)
    }

    private func verified(_ object: GCSObject, _ size: Int64, _ checksum: String, isNew: Bool) async throws -> GCSObject {
        try await client.verify(object, key: key, size: size, checksum: checksum, isNew: isNew)
        return object
    }
}

extension GCSClient {
    /// - Parameter isNew: false for what has taken the place of another: a damaged document may be mended, one that is gone cannot.
    /// - Throws: `.storeFailed` when what is stored is not what was sent; what is new is removed first.
    func verify(_ object: GCSObject, key: String, size: Int64, checksum: String, isNew: Bool = true) async throws {
        guard object.size != size || object.crc32c != checksum else { return }
        var message =
            "\(key) arrived damaged in \(location.name): \(object.size.counted("byte")) with CRC32C \(object.crc32c ?? "unknown"), "
        message += "where \(size.counted("byte")) with \(checksum) were sent"
        do {
            if isNew { try await uncancelled { try await delete(key, generation: object.generation) } }
        } catch {
            message += "; and it could not be removed: \((error as? BackupError)?.message ?? "\(error)")"
        }
        throw BackupError(.storeFailed, message, hint: "Try again; if it happens again, something on the way changes what passes.")
    }
}
