import BackupModel
import NIOCore
import NIOHTTP1

/// Whether the bucket keeps what it says it keeps.
extension GCSStore {
    func lockTrial(_ bucket: GCSBucket, _ key: String, _ context: RunContext) async throws -> Trial {
        guard !bucket.locks.isEmpty else {
            let hint =
                "Let soft delete keep what a stolen key deletes (`gcloud storage buckets update \(bucketURL) --soft-delete-duration=30d`)."
            return Trial("object lock", "nothing keeps objects from being deleted", .lacking(hint: hint))
        }
        let stored: GCSObject?
        do { stored = try await lockedObject(bucket, key, context) } catch let error as BackupError
            where error.obstacle == .denied && !bucket.keepsAll
        {
            // Backups here ask for no locks of their own.
            return Trial(
                "object lock", "\(bucket.locks.joined(separator: "; ")); whether a lock holds could not be tried: \(error.message)",
                .lacking(hint: "Grant storage.objects.setRetention for this check if it is to be tried; backups do without it."))
        }
        guard let object = stored else { return .lies("object lock", "an unused name counts as taken") }
        return try await deletionTrial(of: object, key, bucket)
    }

    private var bucketURL: String { "gs://\(client.location.bucket)" }

    /// By the bucket where that keeps everything, else by itself, for as short as makes sense.
    private func lockedObject(_ bucket: GCSBucket, _ key: String, _ context: RunContext) async throws -> GCSObject? {
        let lead = try await clockLead() ?? .zero
        let retention = bucket.keepsAll ? nil : GCSRetention(until: context.now() + lead + .seconds(120))
        return try await GCSDocument(client: client, options: options, key: key, retention: retention)
            .store(Array("locked\n".utf8), replacing: 0)
    }

    /// That one generation, for where old ones are kept a delete without it only hides.
    private func deletionTrial(of object: GCSObject, _ key: String, _ bucket: GCSBucket) async throws -> Trial {
        var finding = "a locked object is not deleted"
        do {
            try await client.delete(key, generation: object.generation)
            guard try await client.facts(key)?.generation == object.generation else {
                return .lies(
                    "object lock", "\(bucket.locks.joined(separator: "; ")), says the bucket, and an object under that lock was deleted")
            }
            finding += ", though the server says it was"
        } catch let error as BackupError where error.code == .objectLocked {
            // As it has to be.
        }
        let isBlind = bucket.versioning?.enabled == true ? try await hides(key) : false
        let rest = bucket.keepsAll ? Self.staying(object) : try await removal(of: object, key)
        let message = "\(bucket.locks.joined(separator: "; ")); \(finding)\(rest)"
        return isBlind ? Self.hiding(message) : Trial("object lock", message)
    }

    /// A delete that names no generation succeeds where old ones are kept, and makes one of what is locked. The store asks for locks before it deletes;
    /// whether it sees them is found out by it.
    private func hides(_ key: String) async throws -> Bool {
        do { try await delete(key) } catch let error as BackupError where error.code == .objectLocked { return false }
        return try await client.facts(key) == nil
    }

    private static func hiding(_ message: String) -> Trial {
        let hint =
            "Grant storage.objects.get (roles/storage.objectViewer): without it `prune` says of locked backups that they were removed, "
            + "while they are only hidden."
        let blindness = "these credentials do not see locks, and a delete by name only makes an old version of what is locked"
        return Trial("object lock", "\(message); but \(blindness)", .lacking(hint: hint))
    }

    private static func staying(_ object: GCSObject) -> String {
        let end = object.keptUntil.map { "until \($0.display)" } ?? "until its holds are released"
        return "; what this check stored stays \(end), and the first check after that removes it"
    }

    /// Lifting the lock takes permissions that backups are better off without.
    private func removal(of object: GCSObject, _ key: String) async throws -> String {
        do {
            try await client.lift(key, generation: object.generation)
            try await client.delete(key, generation: object.generation)
        } catch is BackupError {
            let end = object.keptUntil.map { "from \($0.display) on" } ?? "later"
            return "; \(key) of \(object.size.counted("byte")) stays, and can be deleted \(end)"
        }
        return "; but this account may lift locks that are not final (storage.objects.overrideUnlockedRetention)"
    }
}

extension GCSObject {
    /// The end of its retention by the bucket or of its own; nil without one.
    var keptUntil: Instant? { retentionExpirationTime.flatMap { Instant(iso8601: $0) } }
}

extension GCSClient {
    /// Takes a retention away that is not final ("Remove an object's retention configuration").
    fileprivate func lift(_ key: String, generation: Int64) async throws {
        let url = location.object(key, [("generation", "\(generation)"), ("overrideUnlockedRetention", "true")])
        let call = HTTPCall(
            .PATCH, url, headers: ["Content-Type": "application/json; charset=UTF-8"], body: ByteBuffer(string: #"{"retention": null}"#))
        let answer = try await send(.lift(key), call)
        guard answer.isSuccess else { throw await error(of: answer, .lift(key)) }
    }
}
