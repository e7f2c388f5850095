package import BackupModel

/// A dump in pg_dump's own archive format, by pg_dump alone: for those who want `pg_restore` and nothing else.
package struct CustomDump: Sendable {
    private let request: DumpRequest
    private let progress: ProgressSink

    package init(_ request: DumpRequest, progress: @escaping ProgressSink) {
        self.request = request
        self.progress = progress
    }

    /// Writes the archive into `sink`; its snapshot is pg_dump's own affair.
    /// - Returns: the server it is of.
    package func write(to sink: any ByteSink) async throws -> ServerIdentity {
        let (version, server) = try await ask()
        let programs = try await ClientPrograms.find(forServer: version, preferred: request.programFolder, path: request.searchPath)
        progress(.began(phase: "dump", totalBytes: nil, totalItems: nil))
        let arguments = ["--format=custom", "--lock-wait-timeout=\(request.lockTimeout.milliseconds)"]
        let run = ProgramRun(
            "pg_dump", of: programs, arguments: arguments.map { Array($0.utf8) }, target: request.target, stallLimit: request.stallLimit)
        try await run.forEachChunk { chunk in
            try await sink.write(chunk)
            progress(.advanced(bytes: Int64(chunk.count), rows: 0, items: 0, item: nil))
        }
        progress(.ended(phase: "dump"))
        return server
    }

    private func ask() async throws -> (version: Int, server: ServerIdentity) {
        try await PostgresConnection.with(request.target, applicationName: "call-center-backup dump") { connection in
            (try await connection.serverVersion, try await ServerIdentity.read(over: connection))
        }
    }
}
