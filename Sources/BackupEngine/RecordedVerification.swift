import BackupCatalog
import BackupModel
import BackupVerification
import BytePipeline
import Postgres

/// Verifies files of recovery points and writes each verdict into the manifest it concerns.
package struct RecordedVerification: Sendable {
    private let configuration: BackupConfiguration
    private let catalogs: Catalogs
    private let context: RunContext
    private let progress: ProgressSink
    private let troubles: StoreTroubles

    init(
        configuration: BackupConfiguration, catalogs: Catalogs, context: RunContext, progress: @escaping ProgressSink,
        troubles: StoreTroubles
    ) {
        self.configuration = configuration
        self.catalogs = catalogs
        self.context = context
        self.progress = progress
        self.troubles = troubles
    }

    /// One verdict per file. A file that does not pass is no error; one that cannot be read is.
    /// - Throws: `.lockHeld` when a proof was insisted on and another is at work: they are made one at a time.
    package func verify(_ files: [LocatedBackup], _ order: VerificationOrder) async throws -> [FileVerdict] {
        guard order.policy.restores else { return try await verifyAll(files, order) }
        let lock = RunLock.ofProofs(stateFolder: configuration.stateFolder)
        do {
            let patience = order.waits ? configuration.runLockTimeout : .zero
            return try await lock.withLock(purpose: "a proof by restore", patience: patience, context: context) {
                try await verifyAll(files, order)
            }
        } catch let held as BackupError where held.code == .lockHeld && !order.policy.insists {
            var order = order
            order.hindrance = Verdict.Hindrance(reason: "another proof is at work", hint: held.hint)
            return try await verifyAll(files, order)
        }
    }

    private func verifyAll(_ files: [LocatedBackup], _ order: VerificationOrder) async throws -> [FileVerdict] {
        let programs = await ClientPrograms.newest(preferred: configuration.programFolder, path: configuration.searchPath)
        var verdicts: [FileVerdict] = []
        for file in files { verdicts += try await self.verdicts(onCopiesOf: file, order, pgRestore: programs?.path(of: "pg_restore")) }
        return verdicts
    }

    /// One, or where that copy is damaged one of each until one passes: who needs the backup now hears which copy to take. A copy that cannot be read is
    /// passed over where there is another one. A file that has its SHA-256 is the same in every store, and so is what is wrong with it.
    private func verdicts(onCopiesOf file: LocatedBackup, _ order: VerificationOrder, pgRestore: String?) async throws -> [FileVerdict] {
        var checked: [(copy: LocatedBackup, verdict: FileVerdict)] = []
        var refusals: [(store: String, error: BackupError)] = []
        for copy in [file] + (order.triesOtherCopies ? file.otherCopies : []) {
            do {
                let verdict = try await recordedVerdict(on: copy, order, pgRestore: pgRestore)
                checked.append((copy, verdict))
                if verdict.verdict.passed || verdict.lock != nil || verdict.verdict.hasDigestOfManifest { break }
            } catch let error as BackupError {
                try Task.checkCancellation()
                refusals.append((copy.catalog.store.name, error))
            }
        }
        guard let first = checked.first else { throw refusals.first?.error ?? BackupError(.failed, "\(file.path) was not looked at") }
        for refusal in refusals { progress(.warning("\(refusal.error); the copy \(first.copy.path) was checked")) }
        let useless = checked.filter { !$0.verdict.verdict.passed }.map(\.copy.catalog.store.name) + refusals.map(\.store)
        // Only now it is known which of the others is worth naming.
        for place in checked.indices where checked[place].verdict.isDamaged {
            // What has its SHA-256 and is wrong is wrong everywhere.
            guard !checked[place].verdict.verdict.hasDigestOfManifest else { continue }
            checked[place].verdict.remedy = await remedy(for: checked[place].copy, besides: useless)
        }
        checked[0].verdict.unread = refusals.map { $0.error.unread(in: $0.store) }
        return checked.map(\.verdict)
    }

    private func recordedVerdict(on file: LocatedBackup, _ order: VerificationOrder, pgRestore: String?) async throws -> FileVerdict {
        let (verdict, lock) = try await verdict(on: file, order, pgRestore: pgRestore)
        if lock == nil { try await record(verdict, of: file) }
        if !order.policy.insists, let hindrance = verdict.hindrance {
            let extent =
                verdict.kind == .encrypted
                ? "only the digest of \(file.key) was checked" : "\(file.key) was checked by content, not by restore"
            progress(.warning("\(extent): \(hindrance.reason)"))
        }
        var outcome = FileVerdict(
            path: file.path, verdict: verdict, isShort: isShort(verdict, order), id: file.id, target: file.artifact?.kind.target)
        outcome.lock = lock
        return outcome
    }

    /// What is to be done about a damaged file depends on whether there is another copy. Nobody fails for that not being known.
    /// - Parameter useless: stores whose copies were just found damaged, or could not be read, whatever is on record of them.
    private func remedy(for file: LocatedBackup, besides useless: [String]) async -> String {
        let store = file.catalog.store.name
        guard let id = file.id, var point = try? await catalogs.find(.id(id), asOf: context.now()) else { return DamagedCopy.lastRemedy }
        point.copies.removeAll { $0.store != store && useless.contains($0.store) }
        return DamagedCopy(of: point, in: store, keys: [file.key])?.remedy ?? DamagedCopy.lastRemedy
    }

    /// Who asked for a depth wants to know when it was not reached.
    private func isShort(_ verdict: Verdict, _ order: VerificationOrder) -> Bool {
        guard verdict.hindrance != nil else { return false }
        return order.policy.insists || verdict.kind == .encrypted && order.policy == .level(.content)
    }

    /// - Returns: the verdict, and why nobody here can open the file where that is all that is wrong: it is an alarm, and no fault of the file's.
    private func verdict(
        on file: LocatedBackup, _ order: VerificationOrder, pgRestore: String?
    ) async throws -> (Verdict, lock: BackupError?) {
        let opened = try await file.file.open(configuration.readWatch(context, progress))
        guard try await needsPath(opened, order) else {
            let verdict = try await verdict(on: file, opened, path: opened.path, order, pgRestore)
            // Another finding is that its SHA-256 is not the manifest's.
            return (verdict, verdict.findings.count > 1 ? nil : opened.lock?.besideDigest(of: verdict))
        }
        do {
            return try await opened.withLocalPath(copyingTo: configuration.verification.scratchFolder) { path in
                (try await verdict(on: file, opened, path: path, order, pgRestore), nil)
            }
        } catch let error as BackupError where error.code == .verificationFailed {
            // Found while it was decrypted for the program.
            return (Verdict(damage: error, level: order.policy.fileLevel, bytes: opened.contents.byteCount), nil)
        }
    }

    /// Archives are read by pg_restore, and a proof without anything of ours is made by zcat and psql.
    private func needsPath(_ file: OpenedFile, _ order: VerificationOrder) async throws -> Bool {
        guard file.seal == nil else { return false }
        if order.provesWithPsql { return true }
        do {
            let head = try await file.contents.read(at: 0, count: Int(min(file.contents.byteCount, 512)))
            return ForeignDump.form(beginning: head) == .archive
        } catch let error as BackupError where error.code == .verificationFailed {
            // Damaged at its beginning: who reads it next says so.
            return false
        }
    }

    private func verdict(
        on file: LocatedBackup, _ opened: OpenedFile, path: String?, _ order: VerificationOrder, _ pgRestore: String?
    ) async throws -> Verdict {
        let begun = context.now()
        let run = VerifyRun(
            opened, path: path, level: order.policy.fileLevel, jobs: configuration.jobs, expectedSHA256: file.artifact?.sha256,
            pgRestore: pgRestore, context: context, progress: progress
        )
        var verdict = try await run.run()
        try await verdict.hold(opened, against: file.record)
        guard order.policy.restores, verdict.passed, verdict.hindrance == nil else { return verdict }
        guard !file.isGlobals else { return verdict.ofGlobals }
        if let hindrance = order.hindrance {
            verdict.hindrance = hindrance
            return verdict
        }
        let proof = RestoreProof(
            of: opened.contents, path: path ?? file.path, copy: file.redisCopy, globals: try await globals(beside: file),
            settings: ProofSettings(configuration, order, seed: UInt64(bitPattern: begun.millisecondsSinceEpoch), context: context),
            progress: progress)
        do { try await proof.run(&verdict) } catch let error as BackupError {
            // What fails here is the host's doing; the file was read and is whole, and that verdict stands.
            try Task.checkCancellation()
            verdict.hindrance = Verdict.Hindrance(reason: "the proof failed: \(error)", hint: error.hint)
        }
        verdict.seconds = (context.now() - begun) / .seconds(1)
        return verdict
    }

    /// The roles of the server the dump was taken from, where they are still there.
    private func globals(beside file: LocatedBackup) async throws -> [UInt8]? {
        guard let id = file.id, file.artifact?.kind == .postgresDump else { return nil }
        let plain = ArtifactName.globals(id)
        let key = ArtifactName.isEncrypted(file.key) ? ArtifactName.encrypted(plain) : plain
        do {
            let bytes = try await file.file.sibling(key).open(configuration.readWatch(context, progress)).readable()
            return try await bytes.read(at: 0, count: Int(bytes.byteCount))
        } catch let error as BackupError where error.code == .artifactMissing {
            return nil
        } catch let error as BackupError where error.code == .verificationFailed {
            // Its own verdict says so; that of the dump is about the dump.
            progress(.warning("\(file.key) is restored without the roles of its server: \(error)"))
            return nil
        }
    }

    /// A folder that may only be read is a fine place to verify backups in.
    private func record(_ verdict: Verdict, of file: LocatedBackup) async throws {
        guard let artifact = file.artifact, let id = file.id else { return }
        let verification = verdict.verification(of: artifact.key, at: context.now())
        do {
            let failures = try await catalogs.record(verification, on: artifact, of: id, in: file.catalog)
            for (store, error) in failures { troubles.tell("the verdict on \(artifact.key) is not in every manifest: \(error)", of: store) }
        } catch let error as BackupError {
            progress(.warning("the verdict on \(artifact.key) is not in its manifest: \(error)"))
        }
    }
}

extension BackupError {
    /// Of a file that no identity here opens, with what is known of its bytes all the same.
    fileprivate func besideDigest(of verdict: Verdict) -> BackupError {
        guard verdict.hasDigestOfManifest else { return self }
        var told = self
        told.message += "; the file itself is whole: it has the SHA-256 of its manifest"
        return told
    }

    /// Of a copy that nobody knows anything of now.
    fileprivate func unread(in store: String) -> BackupError {
        BackupError(
            .partlyDone, "the copy in \(store) could not be read: \(self)",
            hint: hint ?? "`call-center-admin doctor` says what is wrong with that store.", cause: self, obstacle: obstacle)
    }
}

extension Verdict {
    /// Roles and tablespaces are proved together with a dump, not by themselves.
    fileprivate var ofGlobals: Verdict {
        var verdict = self
        verdict.notProved = notProved.map { $0 == Self.notLoaded ? "that it runs: that is proved with the dump it belongs to" : $0 }
        return verdict
    }
}

/// What a verification is asked for.
package struct VerificationOrder: Sendable {
    package var policy: VerificationSettings.Policy
    /// The same proof once more by `zcat | psql`.
    package var provesWithPsql = false
    /// Leaves the scratch server's data for a look when the proof fails.
    package var keepsScratch = false
    /// Whether the next store's copy is looked at where the nearest is damaged, or cannot be read; not where that very copy is in question.
    var triesOtherCopies = true
    /// Whether a proof waits for another one as long as the settings say.
    var waits = true
    /// Why no proof by restore is tried this time.
    var hindrance: Verdict.Hindrance?

    package init(_ policy: VerificationSettings.Policy) {
        self.policy = policy
    }
}

extension VerificationSettings.Policy {
    /// Whether a proof by restore is to be made.
    var restores: Bool { self == .automatic || self == .level(.restore) }

    /// Whether less than what was asked for is a failure.
    var insists: Bool { self == .level(.restore) }

    /// What is asked of the file before it is restored.
    var fileLevel: VerificationLevel { self == .level(.quick) ? .quick : .content }
}
