package import BackupModel
import FoundationEssentials
import NIOHTTP1

extension S3Store {
    /// Aborts unfinished uploads of runs that are known to be dead, and those under names of ours that nobody has sent a part to for a day. The
    /// server's clock decides what is old: both times are its own.
    package func removeLeftovers(ofDead isDead: @escaping @Sendable (_ key: String) -> Bool) async throws -> [StoredObject] {
        var removed: [StoredObject] = []
        for upload in try await unfinishedUploads(under: options.prefix) {
            guard let facts = try await self.facts(of: upload) else { continue }
            let isOld = facts.serverTime - facts.newest > options.staleUploadAge
            guard isDead(upload.key) || isOld else { continue }
            try await abortUpload(upload.key, upload: upload.id)
            removed.append(StoredObject(key: upload.key, bytes: facts.bytes, modifiedAt: facts.newest))
        }
        return removed
    }

    package func begunKeys() async throws -> [String] { try await unfinishedUploads(under: options.prefix).map(\.key) }

    /// The unfinished uploads of exactly that key which have no part.
    func idleUploads(of key: String) async throws -> [String] {
        var idle: [String] = []
        for upload in try await unfinishedUploads(under: options.prefix + key) where upload.key == key {
            if try await facts(of: upload)?.parts == 0 { idle.append(upload.id) }
        }
        return idle
    }

    private struct Unfinished {
        var key: String
        var id: String
        var initiated: Instant
    }

    /// - Parameter prefix: what their keys begin with.
    private func unfinishedUploads(under prefix: String) async throws -> [Unfinished] {
        var found: [Unfinished] = []
        var marker: (key: String, upload: String)?
        while true {
            var query = [("uploads", ""), ("prefix", prefix), ("encoding-type", "url")]
            if let marker { query += [("key-marker", marker.key), ("upload-id-marker", marker.upload)] }
            let request = S3Request(.listUploads, query: query)
            let answer = try await client.send(request, tolerating: ["NotImplemented"])
            // A server that does not list uploads keeps nobody from taking backups.
            guard answer.isSuccess else { return found }
            let page = try decode(S3Uploads.self, root: S3Uploads.root, from: answer, request)
            found += (page.upload ?? []).compactMap { ours($0, page) }
            guard page.isTruncated == true else { return found }
            let key = page.nextKeyMarker.map { page.encodingType == "url" ? URIEscape.unescape($0) ?? $0 : $0 } ?? ""
            let next = (key: key, upload: page.nextUploadIdMarker ?? "")
            guard marker.map({ $0 != next }) ?? !key.isEmpty else { throw endless(.listUploads, "a page names no next one") }
            marker = next
        }
    }

    private func ours(_ entry: S3Uploads.Entry, _ page: S3Uploads) -> Unfinished? {
        guard let key = key(entry.key, encoding: page.encodingType), Self.isNameOfOurs(key) else { return nil }
        guard let initiated = entry.initiated.flatMap({ Instant(iso8601: $0) }) else { return nil }
        return Unfinished(key: key, id: entry.uploadId, initiated: initiated)
    }

    /// Our names carry the ID of a recovery point: `…-20260214T020000Z.…` or `20260214T020000Z.…`.
    static func isNameOfOurs(_ key: String) -> Bool {
        key.split(separator: ".").contains { RecoveryPointID($0.suffix(16)) != nil }
    }

    private struct UploadFacts {
        var parts = 0
        var bytes: Int64 = 0
        var newest: Instant
        var serverTime: Instant
    }

    /// Nil when the upload has ended meanwhile.
    private func facts(of upload: Unfinished) async throws -> UploadFacts? {
        var facts = UploadFacts(newest: upload.initiated, serverTime: context.now())
        let isThere = try await listParts(of: upload.key, upload: upload.id) { parts, answer in
            facts.parts += parts.count
            facts.bytes += parts.reduce(0) { $0 + ($1.size ?? 0) }
            let times = parts.compactMap { $0.lastModified.flatMap { Instant(iso8601: $0) } }
            facts.newest = max(facts.newest, times.max() ?? facts.newest)
            facts.serverTime = answer.date ?? facts.serverTime
        }
        return isThere ? facts : nil
    }
}
