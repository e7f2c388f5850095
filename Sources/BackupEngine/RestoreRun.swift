package import BackupModel
import DumpFormat
package import Postgres

/// A restore, as one sentence: the file, read for what it is, fills a database of its own, is checked, and is put where it was wanted.
package struct RestoreRun: Sendable {
    private let request: RestoreRequest
    private let context: RunContext
    private let progress: ProgressSink

    package init(_ request: RestoreRequest, context: RunContext, progress: @escaping ProgressSink) {
        self.request = request
        self.context = context
        self.progress = progress
    }

    /// Whether this copy of the file can be reached and is the one its manifest is of. The server is not asked.
    package func check() async throws { _ = try await opened(readsAll: true, CopyFaults()) }

    /// What would be done, and what stands in its way; nothing is touched.
    /// - Parameter isChecked: whether `check` has passed on the same copy.
    /// - Throws: `.verificationFailed` where the file is not the one its manifest is of, as the restore itself does.
    package func plan(isChecked: Bool = false) async throws -> RestorePlan {
        try await ofThisCopy { faults in
            try await withDump(readsAll: !isChecked, faults) { dump in
                switch dump {
                case .segmented(let reader): try await segmented(reader).plan()
                case .foreign(let dump, let origin): try await foreign(dump, origin).plan()
                }
            }
        }
    }

    /// - Parameter plan: what was just planned of the same file. One that has no index of its own is not read again to be held against its manifest.
    /// - Throws: `BackupError` with the place where it stopped; the server is then as it was. `isFaultOfCopy` where another copy of the file may do.
    package func callAsFunction(planned plan: RestorePlan? = nil) async throws -> RestoredDatabase {
        try await ofThisCopy { faults in
            try await withDump(readsAll: plan == nil, faults) { dump in
                switch dump {
                case .segmented(let reader): try await segmented(reader).run()
                case .foreign(let dump, let origin): try await foreign(dump, origin).run()
                }
            }
        }
    }

    /// What is wrong with the copy, and not with the server or with what was asked for, is told as such, with the next command: who knows where the
    /// file lies says what to type.
    private func ofThisCopy<Result: Sendable>(_ body: (CopyFaults) async throws -> Result) async throws -> Result {
        let faults = CopyFaults()
        do { return try await body(faults) } catch let error as BackupError {
            guard let fault = faults.fault(behind: error) else { throw error }
            var told = error
            told.code = fault.code
            told.hint = told.code == .verificationFailed ? error.hint : hintOfUnreadable(fault.hint ?? error.hint)
            told.cause = CopyFault(error)
            throw told
        }
    }

    private func hintOfUnreadable(_ hint: String?) -> String? {
        guard let other = request.record?.otherCopy else { return hint }
        let command = "Restore another copy: `call-center-admin db restore \(Shell.quoted(other))`."
        return [command, hint].compactMap { $0 }.joined(separator: " ")
    }

    /// Where the contents turn out damaged the hint is the command that goes on.
    private func hinting<Value: Sendable>(
        where isDamage: (BackupError) -> Bool, _ body: () async throws -> Value
    ) async throws -> Value {
        do { return try await body() } catch let error as BackupError where isDamage(error) && !error.leavesRemains {
            var told = error
            told.hint = damageHint
            throw told
        }
    }

    private var damageHint: String {
        let checked = "`call-center-admin db verify-backup \(Shell.quoted(request.file.name))` names every damaged place"
        guard let other = request.record?.otherCopy else {
            return
                "\(checked); `call-center-admin db list` shows which other backups there are. Whole tables of it can be restored with --table."
        }
        return "Restore another copy: `call-center-admin db restore \(Shell.quoted(other))`. \(checked)."
    }

    private func segmented(_ reader: DumpReader) -> PostgresRestore {
        PostgresRestore(
            of: reader, to: destination(of: reader.index.source.database), on: request.server, options: request.options,
            progress: progress)
    }

    private func foreign(_ dump: ForeignDump, _ origin: DumpOrigin) -> ForeignRestore {
        ForeignRestore(
            of: dump, to: destination(of: origin.database ?? request.fallbackDatabase), on: request.server,
            options: request.options, origin: origin, programFolder: request.programFolder, searchPath: context.environment["PATH"],
            progress: progress)
    }

    private func destination(of database: String) -> RestoreDestination {
        let id = request.id ?? RecoveryPointID(at: context.now())
        let names = DatabaseNames(database: database, id: id.description)
        return switch request.place {
        case .beside: .new(names.restored)
        case .into(let name): .into(name)
        case .inPlace(let terminates): .replacing(database, names: names, terminatesSessions: terminates)
        }
    }
}

extension RestoreRun {
    private enum Dump {
        case segmented(DumpReader)
        case foreign(ForeignDump, DumpOrigin)
    }

    private static let headBytes: Int64 = 512

    private func withDump<Result: Sendable>(
        readsAll: Bool, _ faults: CopyFaults, _ body: (Dump) async throws -> Result
    ) async throws -> Result {
        let (file, head, reader) = try await faults.noting { try await opened(readsAll: readsAll, faults) }
        return try await hinting(where: { faults.first?.code == .verificationFailed || $0.isOfDamage }) {
            if let reader { return try await body(.segmented(reader)) }
            return try await withForeignDump(file, head, body)
        }
    }

    /// The file, held against its manifest, with its first bytes; the reader is nil for what is no file of ours.
    private func opened(readsAll: Bool, _ faults: CopyFaults) async throws -> (OpenedFile, head: [UInt8], DumpReader?) {
        let file = try await request.file.open(watch).telling(faults)
        try request.record?.checkSize(of: file)
        let (head, reader) = try await hinting(where: { $0.code == .verificationFailed }) { try await beginning(of: file) }
        try await request.record?.check(file, reader?.index, readsAll: readsAll, progress)
        return (file, head, reader)
    }

    private func beginning(of file: OpenedFile) async throws -> (head: [UInt8], DumpReader?) {
        let bytes = try file.readable()
        let head = try await bytes.read(at: 0, count: Int(min(bytes.byteCount, Self.headBytes)))
        return (head, try await segmented(bytes, head))
    }

    private var watch: ReadWatch? {
        request.options.stallLimit.map { limit in
            ReadWatch(limit: limit, clock: context.clock) { [progress] in progress(.warning($0)) }
        }
    }

    private func withForeignDump<Result: Sendable>(
        _ file: OpenedFile, _ head: [UInt8], _ body: (Dump) async throws -> Result
    ) async throws -> Result {
        let bytes = try file.readable()
        guard let form = ForeignDump.form(beginning: head) else { throw unknown() }
        let origin = request.origin.completed(by: DumpOrigin(archiveBeginning: head) ?? DumpOrigin())
        guard form == .archive else { return try await body(.foreign(ForeignDump(form: form, bytes: bytes, path: file.path), origin)) }
        return try await file.withLocalPath(copyingTo: request.copyFolder) { path in
            try await body(.foreign(ForeignDump(form: form, bytes: bytes, path: path), origin))
        }
    }

    /// Nil for what is no file of ours.
    private func segmented(_ bytes: any RandomAccessBytes, _ head: [UInt8]) async throws -> DumpReader? {
        do {
            return try await DumpReader(byteCount: bytes.byteCount) { try await bytes.read(at: $0, count: $1) }
        } catch let error as DumpFormatError {
            guard error.reason == .closingMemberMissing, DumpReader.container(beginning: head) == nil else { throw damaged(error) }
            return nil
        }
    }

    private func damaged(_ error: DumpFormatError) -> BackupError {
        BackupError(.verificationFailed, "\(request.file.name) is damaged", cause: error)
    }

    private func unknown() -> BackupError {
        BackupError(
            .invalidUsage, "\(request.file.name) is no dump that can be restored",
            hint: "Dumps of this system, plain SQL scripts (also .gz and .zst) and custom archives of pg_dump can be.")
    }
}
