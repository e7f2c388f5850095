import BackupCatalog
package import BackupModel
package import BackupVerification
import Postgres

/// Verifies files of recovery points and writes each verdict into the manifest it concerns.
package struct RecordedVerification: Sendable {
    private let configuration: BackupConfiguration
    private let context: RunContext
    private let progress: ProgressSink

    package init(configuration: BackupConfiguration, context: RunContext, progress: @escaping ProgressSink) {
        self.configuration = configuration
        self.context = context
        self.progress = progress
    }

    /// One verdict per file. A file that does not pass is no error; one that cannot be read is.
    package func verify(_ files: [LocatedBackup], level: VerificationLevel) async throws -> [FileVerdict] {
        let programs = await ClientPrograms.newest(preferred: configuration.programFolder, path: configuration.searchPath)
        var verdicts: [FileVerdict] = []
        for file in files {
            let run = VerifyRun(
                path: file.path, level: level, jobs: configuration.jobs, expectedSHA256: file.artifact?.sha256,
                pgRestore: programs?.path(of: "pg_restore"), context: context, progress: progress
            )
            let verdict = try await run.run()
            try await record(verdict, of: file)
            verdicts.append(FileVerdict(path: file.path, verdict: verdict))
        }
        return verdicts
    }

    /// A folder that may only be read is a fine place to verify backups in.
    private func record(_ verdict: Verdict, of file: LocatedBackup) async throws {
        guard let artifact = file.artifact, let id = file.id else { return }
        do {
            try await file.catalog.record(verdict.verification(of: artifact.key, at: context.now()), for: id)
        } catch let error as BackupError {
            progress(.warning("the verdict on \(artifact.key) is not in its manifest: \(error)"))
        }
    }
}

/// What came of verifying one file.
package struct FileVerdict: Sendable, Encodable {
    package var path: String
    package var verdict: Verdict
}

extension [FileVerdict] {
    /// The error to end with when one of the files did not pass.
    package var failure: BackupError? {
        let failed = filter { !$0.verdict.passed }
        guard let first = failed.first else { return nil }
        let finding = first.verdict.findings.first?.description ?? "it did not pass"
        let more = first.verdict.findings.count > 1 ? " (findings: \(first.verdict.findings.count))" : ""
        let others = failed.count > 1 ? "; files that failed: \(failed.count) of \(count)" : ""
        return BackupError(
            .verificationFailed, "\(first.path): \(finding)\(more)\(others)",
            hint:
                "Keep the file, take a new backup (`call-center-admin db backup`), and find a verified one with `call-center-admin db list`."
        )
    }
}
