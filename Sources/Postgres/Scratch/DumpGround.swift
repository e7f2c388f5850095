import BackupModel
package import DumpFormat

/// What a dump asks of the server it is restored on, and a scratch server made ready with it.
package struct DumpGround: Sendable {
    private let roles: Set<String>
    private let tablespaces: Set<String>
    /// With the version the dump was taken with, where it says one.
    private let extensions: [(name: String, version: String?)]
    /// An estimate of the restored database's size, in bytes.
    package let bytes: Int64

    package init(for reader: DumpReader, options: RestoreOptions) async throws {
        let scripts = try await DumpScripts.read(from: reader)
        let needs = RestoreNeeds(index: reader.index, scripts: scripts, options: options, appliesProperties: false)
        roles = needs.roles
        tablespaces = needs.tablespaces
        extensions = needs.extensions.map { ($0.name, $0.version) }
        bytes = needs.bytes
    }

    /// Of another program's dump, as far as its statements say.
    /// - Parameters:
    ///   - programs: pg_restore is among them; it writes an archive's statements.
    ///   - bytes: an estimate of the restored database's size.
    package init(for dump: ForeignDump, programs: ClientPrograms, bytes: Int64) async throws {
        var found = GroundStatements()
        try await dump.forEachStatement(by: programs) { found.take($0) }
        roles = found.roles
        tablespaces = found.tablespaces
        extensions = found.extensions.sorted().map { ($0, nil) }
        self.bytes = bytes
    }

    /// The extensions the server cannot make: `postgis 3.4.2`.
    package func missingExtensions(on scratch: ScratchPostgres) async throws -> [String] {
        try await Maintenance.open(on: scratch.target) { connection in
            let facts = try await ServerFacts.read(over: connection)
            return extensions.filter { facts.extensions[$0.name] == nil }.map { name, version in
                version.map { "\(name) \($0)" } ?? name
            }
        }
    }

    /// Makes the roles and tablespaces that the dump names and the server lacks.
    /// - Returns: their names.
    package func makeMissing(on scratch: ScratchPostgres) async throws -> [String] {
        try await Maintenance.open(on: scratch.target) { connection in
            let facts = try await ServerFacts.read(over: connection)
            let missingRoles = roles.subtracting(facts.roles).sorted()
            for role in missingRoles { try await connection.execute("CREATE ROLE \(SQL.identifier(role))") }
            let missingTablespaces = tablespaces.subtracting(facts.tablespaces).sorted()
            for (number, tablespace) in missingTablespaces.enumerated() {
                let folder = try scratch.makeTablespaceFolder("made_\(number)")
                try await connection.execute("CREATE TABLESPACE \(SQL.identifier(tablespace)) LOCATION \(SQL.literal(folder))")
            }
            return missingRoles + missingTablespaces
        }
    }
}

/// Collects what the statements of a script need beside their database.
private struct GroundStatements {
    var roles: Set<String> = []
    var tablespaces: Set<String> = []
    var extensions: Set<String> = []

    mutating func take(_ statement: [UInt8]) {
        roles.formUnion(StatementRoles(of: statement)?.roles ?? [])
        if let tablespace = StatementFilter.tablespace(in: statement) { tablespaces.insert(tablespace) }
        var reader = TokenReader(SQLTokens(statement))
        guard reader.pass("create", "extension") else { return }
        reader.skip(anyOf: ["if", "not", "exists"])
        if let name = reader.name() { extensions.insert(name) }
    }
}
