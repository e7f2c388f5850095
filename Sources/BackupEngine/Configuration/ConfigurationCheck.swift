package import BackupModel
import ObjectStores
import Postgres

/// Tries what a backup will need, one thing after the other, and goes on after a failure.
package struct ConfigurationCheck: Sendable {
    private let configuration: BackupConfiguration

    package init(configuration: BackupConfiguration) {
        self.configuration = configuration
    }

    /// What one check came to.
    package struct Finding: Sendable {
        package var name: String
        /// What was found to be so; empty for a failure.
        package var message: String
        package var failure: BackupError?
    }

    package func run() async -> [Finding] {
        var findings = [await finding("BACKUP_DIR", folder), await finding("BACKUP_STATE_DIR", stateFolder)]
        for database in configuration.databases {
            findings.append(await finding("database \(database)") { try await connection(to: database) })
        }
        findings.append(await finding("pg_dump", programs))
        return findings
    }

    private func finding(_ name: String, _ check: () async throws -> String) async -> Finding {
        do {
            return Finding(name: name, message: try await check(), failure: nil)
        } catch {
            return Finding(name: name, message: "", failure: error as? BackupError ?? BackupError(.failed, "\(error)"))
        }
    }

    private func folder() async throws -> String {
        try await probe(configuration.backupFolder)
        let space = try await LocalStore(root: configuration.backupFolder).space()
        return "\(configuration.backupFolder) can be written, \(ByteSize(space.freeBytes)) of \(ByteSize(space.totalBytes)) free"
    }

    private func stateFolder() async throws -> String {
        try await probe(configuration.stateFolder)
        return "\(configuration.stateFolder) can be written"
    }

    private func probe(_ folder: String) async throws {
        let store = LocalStore(root: folder)
        try await store.put("config-check", bytes: Array("written by config check\n".utf8))
        try await store.delete("config-check")
    }

    private func connection(to database: String) async throws -> String {
        try await withServer(database) { connection in
            let version = try await connection.parameter("server_version") ?? "of unknown version"
            return "PostgreSQL \(version) answers"
        }
    }

    private func programs() async throws -> String {
        let version = try await withServer(configuration.databases[0]) { try await $0.serverVersion }
        let programs = try await ClientPrograms.find(
            forServer: version, preferred: configuration.programFolder, path: configuration.searchPath
        )
        return "release \(programs.major) in \(programs.folder) fits the server"
    }

    private func withServer<Result: Sendable>(_ database: String, _ body: (PostgresConnection) async throws -> Result) async throws
        -> Result
    {
        try await PostgresConnection.with(configuration.source.with(database: database), applicationName: "config check", body)
    }
}
