package import BackupModel
import RDBFormat
package import ScratchServers

/// Proves a copy of Redis: has it loaded by a server that nothing else can reach, and compares what that server then holds with the file, and the file
/// with what was written down when it was taken.
package struct RedisProof: Sendable {
    private let request: ScratchRedisRequest
    private let copy: RedisCopy?

    /// - Parameters:
    ///   - name: of the file, for messages: a path or a key.
    ///   - copy: what the manifest says of it, where there is one.
    ///   - programs: server programs to look at before the usual places.
    package init(
        of file: any RandomAccessBytes, name: String, copy: RedisCopy?, in place: ScratchPlace, programs: [String] = [],
        progress: @escaping ProgressSink = { _ in }
    ) {
        request = ScratchRedisRequest(
            RDBFile(file, name: name), from: copy.flatMap { RedisVersion(written: $0.version) }, in: place, programs: programs,
            progress: progress)
        self.copy = copy
    }

    /// - Returns: what came out, differences and refusals among it.
    /// - Throws: `ScratchUnavailable` when it cannot be proved on this host, which says nothing against the copy; `BackupError` when this host fails
    ///   otherwise; `CancellationError`.
    package func run() async throws -> RedisProofOutcome {
        do {
            return try await withScratchRedis(request) { try await compare($0) }
        } catch let refused as FileRefusedByServer {
            return RedisProofOutcome(
                server: refused.version, findings: [RedisProofFinding(message: "\(refused.version) did not load it: \(refused.reason)")])
        } catch let error as BackupError where error.code == .verificationFailed {
            return RedisProofOutcome(findings: [RedisProofFinding(message: error.message)])
        }
    }

    private func compare(_ redis: ScratchRedis) async throws -> RedisProofOutcome {
        let clock = ContinuousClock()
        let begin = clock.now
        request.progress(.began(phase: "compare", totalBytes: redis.summary.byteCount, totalItems: nil))
        let found = try await redis.saved(request.progress)
        request.progress(.ended(phase: "compare"))
        let file = redis.summary
        var outcome = RedisProofOutcome(server: redis.version)
        outcome.keys = Int64(clamping: found.content.keys)
        outcome.bytes = file.byteCount
        outcome.expand = redis.durations.expand
        outcome.load = redis.durations.load
        outcome.compare = begin.duration(to: clock.now)
        outcome.findings = (copy.map { ManifestComparison(copy: $0, file: file).findings } ?? [])
        outcome.findings += ContentComparison(file: file.content, server: found.content).differences.map(RedisProofFinding.init)
        return outcome
    }
}

/// What a proof came to.
package struct RedisProofOutcome: Sendable, Equatable {
    /// The server that loaded the file; nil when it did not come to that.
    package var server: RedisVersion?
    /// Keys read back from the server.
    package var keys: Int64 = 0
    /// Of the expanded file.
    package var bytes: Int64 = 0
    package var expand = Duration.zero
    package var load = Duration.zero
    package var compare = Duration.zero
    /// Empty when the copy is proved.
    package var findings: [RedisProofFinding] = []

    package var passed: Bool { findings.isEmpty }

    init(server: RedisVersion? = nil, findings: [RedisProofFinding] = []) {
        self.server = server
        self.findings = findings
    }
}

/// One thing that is not as it should be.
package struct RedisProofFinding: Sendable, Equatable, Codable {
    /// All of it, lowercase, without a full stop.
    package var message: String
    package var database: UInt64?
    package var expected: String?
    package var found: String?

    init(message: String) { self.message = message }

    init(_ difference: ContentDifference) {
        message = "after the load, \(difference)"
        database = difference.database
        expected = difference.expected
        found = difference.found
    }
}

/// What the manifest says of a copy, and what is in the file. Pure.
struct ManifestComparison {
    let copy: RedisCopy
    let file: RDBSummary

    var findings: [RedisProofFinding] {
        let recorded = copy.databases.map { database in
            DatabaseFacts(
                number: UInt64(clamping: database.number), keys: UInt64(clamping: database.keys),
                expiring: UInt64(clamping: database.expiring), digest: database.digest)
        }
        let differences = DatabaseFacts.differences(recorded, file.content.databases.map(DatabaseFacts.init))
        return differences.map { difference in
            var finding = RedisProofFinding(difference)
            finding.message = "against the manifest, \(difference)"
            return finding
        }
    }
}
