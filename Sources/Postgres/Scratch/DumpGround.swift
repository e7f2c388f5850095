import BackupModel
package import DumpFormat

/// What a dump asks of the server it is restored on, and a scratch server made ready with it.
package struct DumpGround: Sendable {
    private let needs: RestoreNeeds

    package init(for reader: DumpReader, options: RestoreOptions) async throws {
        let scripts = try await DumpScripts.read(from: reader)
        needs = RestoreNeeds(index: reader.index, scripts: scripts, options: options, appliesProperties: false)
    }

    /// An estimate of the restored database's size, in bytes.
    package var bytes: Int64 { needs.bytes }

    /// The extensions the server cannot make, with the version the dump was taken with: `postgis 3.4.2`.
    package func missingExtensions(on scratch: ScratchPostgres) async throws -> [String] {
        try await Maintenance.open(on: scratch.target) { connection in
            let facts = try await ServerFacts.read(over: connection)
            return needs.extensions.filter { facts.extensions[$0.name] == nil }.map { "\($0.name) \($0.version)" }
        }
    }

    /// Makes the roles and tablespaces that the dump names and the server lacks.
    /// - Returns: their names.
    package func makeMissing(on scratch: ScratchPostgres) async throws -> [String] {
        try await Maintenance.open(on: scratch.target) { connection in
            let facts = try await ServerFacts.read(over: connection)
            let roles = needs.roles.subtracting(facts.roles).sorted()
            for role in roles { try await connection.execute("CREATE ROLE \(SQL.identifier(role))") }
            let tablespaces = needs.tablespaces.subtracting(facts.tablespaces).sorted()
            for (number, tablespace) in tablespaces.enumerated() {
                let folder = try scratch.makeTablespaceFolder("made_\(number)")
                try await connection.execute("CREATE TABLESPACE \(SQL.identifier(tablespace)) LOCATION \(SQL.literal(folder))")
            }
            return roles + tablespaces
        }
    }
}
