package import BackupModel
package import BackupVerification

/// Verifies one file: checks it as deep as asked, and says how long that took.
package struct VerifyRun: Sendable {
    package var file: OpenedFile
    /// Where programs that read the file themselves find it; nil: nowhere.
    package var path: String?
    package var level: VerificationLevel
    package var jobs: Int
    /// As the manifest has it; nil for a lone file.
    package var expectedSHA256: String?
    /// pg_restore, for custom-format archives; nil when there is none.
    package var pgRestore: String?
    package var context: RunContext
    package var progress: ProgressSink

    package init(
        _ file: OpenedFile, path: String?, level: VerificationLevel, jobs: Int, expectedSHA256: String? = nil, pgRestore: String? = nil,
        context: RunContext, progress: @escaping ProgressSink = { _ in }
    ) {
        self.file = file
        self.path = path
        self.level = level
        self.jobs = jobs
        self.expectedSHA256 = expectedSHA256
        self.pgRestore = pgRestore
        self.context = context
        self.progress = progress
    }

    /// Throws only when the file cannot be looked at; a file that is damaged gives a verdict that has not passed.
    package func run() async throws -> Verdict {
        let begun = context.now()
        let verification = FileVerification(
            file: file.contents, stored: file.stored, seal: file.seal?.forVerification, path: path, level: level, jobs: jobs,
            expectedSHA256: expectedSHA256, pgRestore: pgRestore, progress: progress
        )
        var verdict = try await verification.run()
        verdict.seconds = (context.now() - begun) / .seconds(1)
        return verdict
    }
}

extension OpenedFile.Seal {
    fileprivate var forVerification: FileSeal {
        switch self {
        case .noIdentity: .noIdentity
        // Whose keys it is about is said once, with the error everything ends with, and not of every file.
        case .refused(let error): .refused(error.code == .permissionDenied ? "none of the known age identities opens it" : error.message)
        }
    }
}
