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

    /// What would be done, and what stands in its way; nothing is touched.
    package func plan() async throws -> RestorePlan {
        try await withDump { dump in
            switch dump {
            case .segmented(let reader): try await segmented(reader).plan()
            case .foreign(let dump, let origin): try await foreign(dump, origin).plan()
            }
        }
    }

    /// - Throws: `BackupError` with the place where it stopped; the server is then as it was.
    package func callAsFunction() async throws -> RestoredDatabase {
        try await withDump { dump in
            switch dump {
            case .segmented(let reader): try await segmented(reader).run()
            case .foreign(let dump, let origin): try await foreign(dump, origin).run()
            }
        }
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

    private func withDump<Result: Sendable>(_ body: (Dump) async throws -> Result) async throws -> Result {
        let file = try await request.file.open()
        let bytes = try file.readable()
        let head = try await bytes.read(at: 0, count: Int(min(bytes.byteCount, Self.headBytes)))
        if let reader = try await segmented(bytes, head) { return try await body(.segmented(reader)) }
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
        BackupError(
            .verificationFailed, "\(request.file.name) is damaged",
            hint:
                "See what is left of it with `call-center-admin db verify-backup`; restore another copy, or load it as far as it goes with zcat and psql.",
            cause: error)
    }

    private func unknown() -> BackupError {
        BackupError(
            .invalidUsage, "\(request.file.name) is no dump that can be restored",
            hint: "Dumps of this system, plain SQL scripts (also .gz and .zst) and custom archives of pg_dump can be.")
    }
}
