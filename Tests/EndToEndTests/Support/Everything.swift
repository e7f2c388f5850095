import BackupTestKit

/// The database that has everything, loaded once per version and test process; tests work on copies of it.
actor Everything {
    static let shared = Everything()

    struct Loaded: Sendable {
        let server: PostgresServer
        let template: String
        let fingerprint: DatabaseFingerprint
    }

    private var loading: [Int: Task<Loaded, any Error>] = [:]

    func loaded(_ version: Int) async throws -> Loaded {
        if let known = loading[version] { return try await known.value }
        let task = Task {
            try await PostgresInstallation.required(version).addExtension(from: Fixture.path("extension"))
            let server = try await SharedServers.shared.server(version)
            try await server.createDatabase("everything")
            try await server.loadEverything(into: "everything")
            return Loaded(server: server, template: "everything", fingerprint: try await server.fingerprint(of: "everything"))
        }
        loading[version] = task
        return try await task.value
    }
}

/// Runs `body` with a database of its own that has everything, and with the fingerprint it begins with.
func withEverything<Value: Sendable>(
    version: Int = 15, _ body: (PostgresServer, _ database: String, DatabaseFingerprint) async throws -> Value
) async throws -> Value {
    try requireServer(version)
    let everything = try await Everything.shared.loaded(version)
    return try await withDatabase(version: version, template: everything.template) { server, database in
        try await body(server, database, everything.fingerprint)
    }
}
