import BackupModel
import NIOCore
import NIOHTTP1

/// What a server does of what S3 documents, found out by trying.
package struct S3Conditions: Sendable, Equatable {
    /// `If-None-Match: *` keeps what is there.
    package var keepsExisting: Bool
    /// `If-Match` keeps what has changed.
    package var noticesChanges: Bool

    package init(keepsExisting: Bool, noticesChanges: Bool) {
        self.keepsExisting = keepsExisting
        self.noticesChanges = noticesChanges
    }
}

extension S3Store {
    /// Tries conditional writes on a small object made for it, which is removed again. In a bucket with default retention it stays until that ends,
    /// so this is for checks, not for runs.
    package func conditionalWrites() async throws -> S3Conditions {
        let key = TrialName.prefix + Self.freshToken()
        let bytes = ByteBuffer(string: "written by storage check\n")
        var conditions = S3Conditions(keepsExisting: false, noticesChanges: false)
        do {
            try await putWhole(key, bytes, token: Self.freshToken())
            conditions.keepsExisting =
                try await write(key, bytes, condition: ("if-none-match", "*"), token: Self.freshToken(), lock: nil) == .refused
            let other = "\"\(String(repeating: "0", count: 32))\""
            conditions.noticesChanges =
                try await write(key, bytes, condition: ("if-match", other), token: Self.freshToken(), lock: nil) == .refused
        } catch {
            try await uncancelled { try await delete(key) }
            throw error
        }
        try await delete(key)
        return conditions
    }

    /// Whether the bucket keeps versions: `Enabled`, `Suspended`, or nil for never.
    package func versioning() async throws -> String? {
        let request = S3Request(.versioning, query: [("versioning", "")])
        return try decode(
            S3Versioning.self, root: S3Versioning.root, "GetBucketVersioningResponse", from: try await client.send(request), request
        ).status
    }

    /// Whether objects of the bucket can be locked.
    package func locksObjects() async throws -> Bool {
        let request = S3Request(.lockConfiguration, query: [("object-lock", "")])
        let answer = try await client.send(request, expecting: [404])
        guard answer.status != 404 else { return false }
        return try decode(S3LockConfiguration.self, root: S3LockConfiguration.root, from: answer, request).objectLockEnabled == "Enabled"
    }

    /// How far the server's clock is ahead of ours; nil when it does not say.
    package func clockLead() async throws -> Duration? {
        let answer = try await client.send(S3Request(.list, query: [("list-type", "2"), ("max-keys", "1"), ("prefix", options.prefix)]))
        return answer.clockLead(over: context.now())
    }
}
