import BackupTestKit
import ObjectStores
import Testing

@Suite("What a bucket does against loss")
struct BucketProtectionTests {
    @Test("Versions and locks are told as the bucket has them, and whether the settings ask for locks", arguments: [nil, "locked"])
    func protection(bucket: String?) async throws {
        try await withS3Store(bucket: bucket) { store in
            let found = try await store.protection()
            #expect(found.keepsVersions == (bucket != nil) && found.locksObjects == (bucket != nil))
            #expect(!store.asksForLocks)
            let lead = try #require(try await store.clockLead())
            #expect(lead < .seconds(60) && lead > .seconds(-60))
        }
        try await withS3Store(bucket: bucket, change: { $0.retention = .init(mode: .governance, days: 1) }) { #expect($0.asksForLocks) }
    }
}
