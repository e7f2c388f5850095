package import BackupModel
import DumpFormat

/// Checks one file, whatever it is: looks what it is, and asks of it what such a file can prove.
package struct FileVerification: Sendable {
    package var file: any RandomAccessBytes
    /// The same as it is stored, encrypted perhaps: what the manifest's size and SHA-256 are of.
    package var stored: any RandomAccessBytes
    /// Why its contents cannot be looked at; nil where they can.
    package var seal: FileSeal?
    /// Where the file lies, for programs that have to read it themselves.
    package var path: String?
    package var level: VerificationLevel
    /// How many parts of the file are looked at at once.
    package var jobs: Int
    /// The file's SHA-256 as the manifest has it, 64 hexadecimal digits; nil where there is no manifest.
    package var expectedSHA256: String?
    /// pg_restore, for custom-format archives.
    package var pgRestore: String?
    package var progress: ProgressSink

    package init(
        file: any RandomAccessBytes, stored: (any RandomAccessBytes)? = nil, seal: FileSeal? = nil, path: String? = nil,
        level: VerificationLevel, jobs: Int, expectedSHA256: String? = nil,
        pgRestore: String? = nil, progress: @escaping ProgressSink = { _ in }
    ) {
        self.file = file
        self.stored = stored ?? file
        self.seal = seal
        self.path = path
        self.level = level
        self.jobs = max(jobs, 1)
        self.expectedSHA256 = expectedSHA256
        self.pgRestore = pgRestore
        self.progress = progress
    }

    /// Throws only what keeps it from looking at the file; what is wrong with the file is in the verdict.
    package func run() async throws -> Verdict {
        let portion = ProgressPortion(of: file.byteCount, progress)
        var request = self
        request.progress = portion.take
        progress(.began(phase: "verify", totalBytes: file.byteCount, totalItems: nil))
        async let digest = FileDigest.check(stored, expected: expectedSHA256)
        var verdict = try await request.verdictOfReading()
        switch try await digest {
        case .notKnown: verdict.notProved.append("the file is the one that was written: no manifest gives its SHA-256")
        case .equal: verdict.proved.append(Verdict.digestOfManifest)
        case .different(let found):
            let finding = Finding("the file's SHA-256 is \(found), not the manifest's \(expectedSHA256 ?? "")")
            // That no key opens a damaged file says nothing about the keys.
            verdict.findings.insert(finding, at: isRefused ? 0 : verdict.findings.count)
        }
        verdict.conclude()
        portion.finish()
        progress(.ended(phase: "verify"))
        return verdict
    }

    private var isRefused: Bool { if case .refused = seal { true } else { false } }

    /// What is encrypted is found damaged while it is read, chunk by chunk: a finding like any other.
    private func verdictOfReading() async throws -> Verdict {
        do { return try await verdict() } catch let error as BackupError where error.code == .verificationFailed {
            return Verdict(damage: error, level: level, bytes: file.byteCount)
        }
    }

    private func verdict() async throws -> Verdict {
        let head = try await file.read(at: 0, count: Int(min(file.byteCount, 4_096)))
        let kind = try await FileKind.of(file, head: head)
        var verdict = Verdict(kind: kind, level: level, bytes: file.byteCount)
        switch kind {
        case .segmented: try await SegmentedCheck(request: self).run(&verdict)
        case .gzipScript: try await ScriptCheck(request: self, container: .gzip).run(&verdict)
        case .zstdScript: try await ScriptCheck(request: self, container: .zstd).run(&verdict)
        case .script: try await ScriptCheck(request: self, container: nil).run(&verdict)
        case .custom: try await ArchiveCheck(request: self).run(&verdict)
        case .rdb: try await RDBCheck(request: self, container: nil).run(&verdict)
        case .gzipRDB: try await RDBCheck(request: self, container: .gzip).run(&verdict)
        case .encrypted:
            examineSeal(&verdict)
        case .unknown:
            let what = file.byteCount == 0 ? "the file is empty" : "the file is no backup of a known kind"
            verdict.findings.append(Finding(what))
        }
        return verdict
    }

    /// A host that takes backups need not be able to open them; one that was given an identity for it has to.
    private func examineSeal(_ verdict: inout Verdict) {
        verdict.level = .digest
        if case .refused(let reason) = seal { return verdict.findings.append(Finding(reason)) }
        verdict.hindrance = Verdict.Hindrance(
            reason: "it is encrypted, and no age identity is known here",
            hint: "Name the file of the identity it is encrypted to in BACKUP_AGE_IDENTITY_FILE, on a host that may open backups.")
        verdict.notProved.append("what is in it: it is encrypted, and only its digest was looked at")
    }
}

/// Why the contents of an encrypted file cannot be looked at.
package enum FileSeal: Sendable, Equatable {
    case noIdentity
    /// No identity that is known opens it, or it is damaged: in words, which are a finding.
    case refused(String)
}
