import BackupModel
import Redis

/// Proves a copy of Redis by a server without any network that loads it and saves it again.
struct RedisFileProof: Sendable {
    let file: any RandomAccessBytes
    let path: String
    /// What the manifest says of it.
    let copy: RedisCopy?
    let settings: ProofSettings
    let progress: ProgressSink

    /// - Throws: `ScratchUnavailable` where the proof cannot be made on this host.
    func run() async throws -> ProofOutcome {
        let found = try await RedisProof(of: file, name: path, copy: copy, in: settings.place, progress: progress).run()
        var outcome = ProofOutcome()
        outcome.findings = found.findings.map { Finding($0.message) }
        outcome.durations[.start] = found.expand.inSeconds
        outcome.durations[.restore] = found.load.inSeconds
        outcome.durations[.compare] = found.compare.inSeconds
        guard let server = found.server, found.passed else { return outcome }
        outcome.proved.append(
            "\(server), without any network, has loaded it, and what it saved again has the same keys, expiries and digest in every database: "
                + found.keys.counted("key"))
        return outcome
    }
}
