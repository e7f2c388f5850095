package import BackupModel
import NIOHTTP1

/// What a bucket itself does against loss.
package struct BucketProtection: Sendable, Equatable {
    /// Whether what is deleted or replaced can be brought back.
    package var keepsVersions: Bool
    /// Whether something keeps objects from being deleted, or can.
    package var locksObjects: Bool
}

/// A store whose server can say so, to those who may ask.
package protocol ProtectedStore: BackupStore {
    /// Whether the settings ask for locks.
    var asksForLocks: Bool { get }

    /// - Throws: what the server refuses; backups need neither permission.
    func protection() async throws -> BucketProtection

    /// How far the server's clock is ahead of ours; nil when it does not say.
    func clockLead() async throws -> Duration?
}

extension S3Store: ProtectedStore {
    package var asksForLocks: Bool { options.retention != nil || options.hasLegalHold }

    package func protection() async throws -> BucketProtection {
        async let status = versioning()
        async let locks = locksObjects()
        return BucketProtection(keepsVersions: try await status == "Enabled", locksObjects: try await locks)
    }
}

extension GCSStore: ProtectedStore {
    package var asksForLocks: Bool { false }

    package func protection() async throws -> BucketProtection {
        let facts = try await bucketFacts()
        let period = facts.retentionPolicy?.retentionPeriod.flatMap { Int64($0) } ?? 0
        return BucketProtection(
            keepsVersions: facts.versioning?.enabled == true,
            locksObjects: period > 0 || facts.defaultEventBasedHold == true || facts.objectRetention?.mode == "Enabled")
    }

    package func clockLead() async throws -> Duration? {
        let answer = try await client.send(.list, HTTPCall(.GET, client.location.objects([("maxResults", "1")])))
        return answer.clockLead(over: client.now())
    }
}
