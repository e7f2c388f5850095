import BackupModel
package import DumpFormat
import Synchronization

/// What a dump asks of the server it is restored on, and a scratch server made ready with it.
package struct DumpGround: Sendable {
    private var needs: DumpNeeds
    /// Whom the dump makes owners of event triggers: a server may let others than superusers own them, PostgreSQL itself does not.
    private let triggerOwners: Set<String>

    package init(for reader: DumpReader, options: RestoreOptions) async throws {
        needs = try await DumpNeeds.read(from: reader, options: options)
        triggerOwners = Set(try await DumpScripts.read(from: reader).postData.flatMap { $0.text.eventTriggerOwners })
    }

    /// Of another program's dump, as far as its statements say.
    /// - Parameters:
    ///   - programs: pg_restore is among them; it writes an archive's statements.
    ///   - bytes: an estimate of the restored database's size.
    package init(for dump: ForeignDump, programs: ClientPrograms, bytes: Int64) async throws {
        var found = GroundStatements()
        try await dump.forEachStatement(by: programs) { found.take($0) }
        triggerOwners = found.triggerOwners
        needs = DumpNeeds(
            serverVersion: 0, encoding: "", extensions: found.extensions.sorted().map { .init(name: $0, version: "", schema: "") },
            locales: [], collations: [], roles: found.roles, tablespaces: found.tablespaces, bytes: bytes)
    }

    /// An estimate of the restored database's size, in bytes.
    package var bytes: Int64 { needs.bytes }

    /// What the server lacks that only somebody who installs it can give: extensions, locales. Each is a sentence without a full stop.
    package func notInstalled(on scratch: ScratchPostgres) async throws -> [String] {
        var installed = needs
        (installed.roles, installed.tablespaces) = ([], [])
        let unmet = try await Maintenance.open(on: scratch.target) { try await installed.unmet(over: $0) }
        return unmet.isEmpty ? try await unusableExtensions(on: scratch) : unmet
    }

    /// Some extensions are there and still cannot be made: their library has to be loaded when the server starts. Each is tried in a session of
    /// its own, with which it goes: some end the session that asks for them.
    private func unusableExtensions(on scratch: ScratchPostgres) async throws -> [String] {
        var unusable: [String] = []
        for name in needs.extensions.map(\.name) {
            do {
                try await Maintenance.open(on: scratch.target) {
                    try await $0.execute("BEGIN; CREATE EXTENSION IF NOT EXISTS \(SQL.identifier(name)) CASCADE")
                }
            } catch let error as BackupError {
                guard let refusal = error.cause as? PostgresError else { throw error }
                // A server that has ended only that session takes another one.
                if refusal.sqlState == nil { try await Maintenance.open(on: scratch.target) { try await $0.execute("SELECT 1") } }
                let words = refusal.description.prefix { $0 != ";" }
                unusable.append("the extension \(name) cannot be made in a scratch server: \(words)")
            }
        }
        return unusable
    }

    /// Runs the script of the roles and tablespaces of the server that the dump was taken from.
    /// - Returns: what the server refused.
    package func run(globals: [UInt8], on scratch: ScratchPostgres) async throws -> [GlobalsRestore.Refused] {
        let folders = FolderNumbers(prefix: "saved")
        return try await Maintenance.open(on: scratch.target) { connection in
            try await GlobalsRestore { _ in try scratch.makeTablespaceFolder(folders.next()) }.run(globals, over: connection)
        }
    }

    /// Makes the roles and tablespaces that the dump names and the server lacks, and superusers of those who have to be for it.
    /// - Returns: the names of what was made.
    package func makeMissing(on scratch: ScratchPostgres) async throws -> [String] {
        try await Maintenance.open(on: scratch.target) { connection in
            let facts = try await ServerFacts.read(over: connection)
            let roles = needs.roles.subtracting(facts.roles).sorted()
            // What they might do is not known, and nothing else is here that they could do it to.
            for role in roles { try await connection.execute("CREATE ROLE \(SQL.identifier(role)) SUPERUSER") }
            for role in triggerOwners.intersection(facts.roles).sorted() {
                try await connection.execute("ALTER ROLE \(SQL.identifier(role)) SUPERUSER")
            }
            let tablespaces = needs.tablespaces.subtracting(facts.tablespaces).sorted()
            let folders = FolderNumbers(prefix: "made")
            for tablespace in tablespaces {
                let folder = try scratch.makeTablespaceFolder(folders.next())
                try await connection.execute("CREATE TABLESPACE \(SQL.identifier(tablespace)) LOCATION \(SQL.literal(folder))")
            }
            return roles + tablespaces
        }
    }
}

/// Names of folders: a tablespace's own may hold anything.
private final class FolderNumbers: Sendable {
    private let prefix: String
    private let count = Atomic<Int>(0)

    init(prefix: String) {
        self.prefix = prefix
    }

    func next() -> String { "\(prefix)_\(count.add(1, ordering: .relaxed).newValue)" }
}

extension [UInt8] {
    /// Of `ALTER EVENT TRIGGER … OWNER TO …`; none of another statement.
    fileprivate var eventTriggerOwners: [String] {
        var reader = TokenReader(SQLTokens(self))
        guard reader.pass("alter", "event", "trigger") else { return [] }
        return StatementRoles(of: self)?.roles ?? []
    }
}

/// Collects what the statements of a script need beside their database.
private struct GroundStatements {
    var roles: Set<String> = []
    var tablespaces: Set<String> = []
    var extensions: Set<String> = []
    var triggerOwners: Set<String> = []

    mutating func take(_ statement: [UInt8]) {
        roles.formUnion(StatementRoles(of: statement)?.roles ?? [])
        triggerOwners.formUnion(statement.eventTriggerOwners)
        if let tablespace = StatementFilter.tablespace(in: statement) { tablespaces.insert(tablespace) }
        var reader = TokenReader(SQLTokens(statement))
        guard reader.pass("create", "extension") else { return }
        reader.skip(anyOf: ["if", "not", "exists"])
        if let name = reader.name() { extensions.insert(name) }
    }
}
