import BackupModel
import BytePipeline
import DumpFormat

/// What a manifest says of one file. The file is held against it before anything is made of it: another one under its name, an older dump that was
/// copied over it or a stranger's that is encrypted to the right recipient, is whole by all its own checksums and would be restored without a word.
package struct FileRecord: Sendable {
    /// The file, as messages name it.
    let path: String
    let id: RecoveryPointID
    let artifact: Artifact
    let postgres: PostgresFacts?
    /// Another copy of the file, as `db restore` takes it; nil where no store is known to have one.
    let otherCopy: String?
}

extension FileRecord {
    /// Looked at before anything that stands in the file is believed.
    /// - Throws: `.verificationFailed` where the file has another size than the manifest says.
    func checkSize(of file: OpenedFile) throws {
        guard file.stored.byteCount != artifact.bytes else { return }
        throw refusal("it has \(file.stored.byteCount.counted("byte"))", artifact.bytes.grouped)
    }

    /// - Parameters:
    ///   - index: the file's own, of a dump of ours; nil for any other file. Every byte of a dump is under the digests of its index, so that an index
    ///     of the recorded moment is enough, and the rows need not be read twice.
    ///   - readsAll: whether a file without such an index is read for its SHA-256; not where that has just been done.
    /// - Throws: `.verificationFailed` where the file is not the one the manifest is of; what reading it throws.
    func check(_ file: OpenedFile, _ index: DumpIndex?, readsAll: Bool = true, _ progress: @escaping ProgressSink) async throws {
        if artifact.format.holdsDigests {
            guard let index else { throw refusal("it is another program's dump", dump(of: recorded)) }
            if let found = otherMoment(in: index) { throw refusal("it is a dump of \(found)", dump(of: recorded)) }
            if recorded != nil { return }
        }
        if readsAll { try await checkDigest(of: file.stored, progress) }
    }

    /// What the index of a dump tells against its being the one, in a sentence; nil where nothing does, or nothing is recorded of its moment.
    func difference(to index: DumpIndex) -> String? {
        guard artifact.format.holdsDigests, let found = otherMoment(in: index) else { return nil }
        return "it is a dump of \(found), and the manifest of backup \(id) says \(dump(of: recorded))"
    }

    private var recorded: DumpMoment? { DumpMoment(of: artifact, postgres) }

    /// The moment of the dump, where it is not the recorded one.
    private func otherMoment(in index: DumpIndex) -> DumpMoment? {
        let found = DumpMoment(of: index)
        guard let recorded, !found.agrees(with: recorded) else { return nil }
        return found
    }

    /// A file of at least so many bytes takes long enough to read for people to wonder what is being done.
    private static let slowBytes: Int64 = 64 << 20

    @concurrent
    private func checkDigest(of file: any RandomAccessBytes, _ progress: @escaping ProgressSink) async throws {
        let isSlow = file.byteCount >= Self.slowBytes
        if isSlow { progress(.began(phase: "check", totalBytes: file.byteCount, totalItems: nil)) }
        let summary = try await file.summary { bytes in
            if isSlow { progress(.advanced(bytes: bytes, rows: 0, items: 0, item: nil)) }
        }
        if isSlow { progress(.ended(phase: "check")) }
        guard summary.sha256 != artifact.sha256.lowercased() else { return }
        throw refusal("its SHA-256 is \(summary.sha256)", artifact.sha256)
    }

    private func dump(of moment: DumpMoment?) -> String { moment.map { "a dump of \($0)" } ?? "a dump of this system" }

    private func refusal(_ found: String, _ recorded: String) -> BackupError {
        BackupError(
            .verificationFailed, "\(path) is not the file that backup \(id) stored: \(found), and the manifest says \(recorded)",
            hint: remedy)
    }

    private var remedy: String {
        let option = artifact.kind == .redisDump ? " --only redis" : ""
        let other =
            otherCopy.map { "Restore another copy: `call-center-admin db restore \(Shell.quoted($0))\(option)`." }
            ?? "`call-center-admin db list` shows which other backups there are."
        return "\(other) To restore this very file, copy it into another folder, away from its manifest, and name it by its path."
    }
}
