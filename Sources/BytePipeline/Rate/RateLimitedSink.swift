package import BackupModel

/// Passes bytes on as fast as a limit allows.
struct RateLimitedSink: ByteSink {
    let next: any ByteSink
    let limit: RateLimit

    func write(_ bytes: [UInt8]) async throws { try await write(bytes, like: nil) }

    func write(_ bytes: [UInt8], like precedent: Precedent?) async throws {
        try await limit.admit(bytes.count)
        try await next.write(bytes, like: precedent)
    }
}

extension ByteSink {
    /// Itself when there is no limit.
    package func limited(to limit: RateLimit?) -> any ByteSink {
        guard let limit else { return self }
        return RateLimitedSink(next: self, limit: limit)
    }
}
