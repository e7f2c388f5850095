package import BackupModel
import FoundationEssentials
import NIOHTTP1

extension S3Store {
    /// Everything directly under the prefix. The names come escaped, as XML cannot hold all of them.
    package func list() async throws -> [StoredObject] {
        var objects: [StoredObject] = []
        var token: String?
        repeat {
            let page = try await page(after: token)
            objects += try (page.contents ?? []).compactMap { try object($0, page) }
            let next = page.isTruncated == true ? page.nextContinuationToken : nil
            guard page.isTruncated != true || (next != nil && next != token) else {
                throw endless(.list, "a listing that is not complete names no next page")
            }
            token = next
        } while token != nil
        return objects.sorted { $0.key < $1.key }
    }

    private func page(after token: String?) async throws -> S3Listing {
        var query = [("list-type", "2"), ("prefix", options.prefix), ("delimiter", "/"), ("encoding-type", "url")]
        if let token { query.append(("continuation-token", token)) }
        let request = S3Request(.list, query: query)
        return try decode(S3Listing.self, root: S3Listing.root, from: try await client.send(request), request)
    }

    private func object(_ entry: S3Listing.Entry, _ page: S3Listing) throws -> StoredObject? {
        guard let key = key(entry.key, encoding: page.encodingType) else { return nil }
        guard let modified = Instant(iso8601: entry.lastModified), entry.size >= 0 else {
            throw endless(.list, "the entry of \(key) has no time or no size")
        }
        return StoredObject(key: key, bytes: entry.size, modifiedAt: modified, tag: entry.eTag)
    }

    /// Without the prefix; nil for what is not ours: folders' marks, deeper keys, names that are no text.
    func key(_ listed: String, encoding: String?) -> String? {
        guard let whole = encoding == "url" ? URIEscape.unescape(listed) : listed, whole.hasPrefix(options.prefix) else { return nil }
        let key = String(whole.dropFirst(options.prefix.count))
        return key.isEmpty || key.hasPrefix(".") || key.contains("/") ? nil : key
    }

    func decode<Document: Decodable>(
        _ type: Document.Type, root: String..., from answer: HTTPAnswer, _ request: S3Request
    ) throws -> Document {
        do {
            return try S3XML.decode(type, anyOf: root, from: answer.body)
        } catch {
            throw S3Failure.nonsense(error, request, client)
        }
    }

    func endless(_ operation: S3Operation, _ reason: String) -> BackupError {
        S3Failure.nonsense(S3XML.Unexpected(description: reason), S3Request(operation), client)
    }
}
