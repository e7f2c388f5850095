package import BackupModel
import Crypto
import Synchronization

/// Counts and digests what passes through on its way to another sink.
package final class DigestingSink: ByteSink {
    private let next: any ByteSink
    private let state = Mutex<(hash: SHA256, bytes: Int64)>((SHA256(), 0))

    package init(_ next: any ByteSink) {
        self.next = next
    }

    package func write(_ bytes: [UInt8]) async throws { try await write(bytes, like: nil) }

    package func write(_ bytes: [UInt8], like precedent: Precedent?) async throws {
        try await next.write(bytes, like: precedent)
        state.withLock { state in
            state.hash.update(data: bytes)
            state.bytes += Int64(bytes.count)
        }
    }

    /// What the next sink has taken so far.
    package var summary: ByteSummary {
        let (hash, bytes) = state.withLock { $0 }
        return ByteSummary(bytes: bytes, sha256: hash.finalize().hexadecimal)
    }
}

/// Length and SHA-256 (64 lowercase hexadecimal digits) of a stream of bytes.
package struct ByteSummary: Sendable, Equatable {
    package var bytes: Int64
    package var sha256: String

    package init(bytes: Int64, sha256: String) {
        self.bytes = bytes
        self.sha256 = sha256
    }
}
