package import BackupModel
import DumpFormat
import Postgres
import ScratchServers

/// Proves a file by restoring it: into a scratch server of its release, which is then asked for everything and compared with the file.
package struct RestoreProof: Sendable {
    private let file: any RandomAccessBytes
    private let path: String
    private let copy: RedisCopy?
    private let globals: [UInt8]?
    private let settings: ProofSettings
    private let progress: ProgressSink

    /// - Parameters:
    ///   - copy: what the manifest says of the Redis the file is a copy of.
    ///   - globals: the script of roles and tablespaces that belongs to a dump.
    package init(
        of file: any RandomAccessBytes, path: String, copy: RedisCopy? = nil, globals: [UInt8]? = nil, settings: ProofSettings,
        progress: @escaping ProgressSink = { _ in }
    ) {
        self.file = file
        self.path = path
        self.copy = copy
        self.globals = globals
        self.settings = settings
        self.progress = progress
    }

    /// Adds to the verdict of a check by content that found nothing wrong. What cannot be proved on this host is in its `hindrance`.
    /// - Throws: what says nothing about the file: the scratch server died, the run was cancelled.
    package func run(_ verdict: inout Verdict) async throws {
        for orphan in await ScratchOrphans.remove(in: settings.place.folder) { progress(.warning("removed \(orphan)")) }
        do {
            verdict.take(try await outcome(for: verdict), check: verdict.seconds)
        } catch let hindrance as ScratchUnavailable {
            verdict.hindrance = Verdict.Hindrance(reason: hindrance.reason, hint: hindrance.hint)
        }
    }

    private func outcome(for verdict: Verdict) async throws -> ProofOutcome {
        switch verdict.kind {
        case .segmented:
            let reader = try await DumpReader(byteCount: file.byteCount) { try await file.read(at: $0, count: $1) }
            let proof = SegmentedProof(reader: reader, path: path, globals: globals, settings: settings, progress: progress)
            var outcome = try await proof.run()
            outcome.isPartial = !settings.tables.isEmpty || reader.index.tables.contains { settings.sample?.segments(of: $0) != nil }
            return outcome
        case .gzipScript, .zstdScript, .script, .custom:
            return try await ForeignProof(file: file, path: path, globals: globals, settings: settings, progress: progress).run(verdict)
        case .rdb, .gzipRDB:
            return try await RedisFileProof(file: file, path: path, copy: copy, settings: settings, progress: progress).run()
        case .encrypted, .unknown:
            throw ScratchUnavailable(
                .component, "\(verdict.kind.description) cannot be restored", hint: "Decrypt it first, then verify what comes out.")
        }
    }
}
