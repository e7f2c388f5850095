package import BackupModel
import BytePipeline

/// A copy of one server: preflight, then network, proof and file side by side.
package struct RedisDump: Sendable {
    private let request: RedisDumpRequest
    private let progress: ProgressSink

    package init(_ request: RedisDumpRequest, progress: @escaping ProgressSink) {
        self.request = request
        self.progress = progress
    }

    /// Writes the whole file into `sink`.
    /// - Parameter forked: called once, at the instant the copy is of; it must not block. The bytes follow.
    /// - Throws: `BackupError`; what the sink has got by then is not to be kept. `.verificationFailed` when the server sent something damaged.
    package func write(
        to sink: any ByteSink, forked: @Sendable (FullResync) -> Void = { _ in }
    ) async throws -> RedisFacts {
        try judge()
        let endpoint = request.source.endpoint
        // Before connecting: a server may close connections that are idle for long.
        try await request.beforeFork()
        return try await RedisConnection.with(endpoint, limits: request.connectionLimits) { connection in
            let stream = try await begin(over: connection)
            forked(stream.resync)
            let (toProof, toFile) = (PieceQueue(), PieceQueue())
            let queues = [toProof, toFile]
            async let contents = failing(queues) { try await CopyContents(of: toProof, from: endpoint) }
            async let stored = failing(queues) { try await CopyFile(form: request.form, sink: sink).write(toFile) }
            try await failing(queues) { try await pump(stream, to: queues) }
            let facts = RedisFacts(request.source, stream.resync, try await contents, stored: try await stored)
            try await contents.remarks.forEach { progress(.warning($0)) }
            progress(.ended(phase: "dump"))
            return facts
        }
    }

    private static let forkWait = "wait for Redis to fork"

    /// Whether an event is about the wait for the fork, during which nothing else moves.
    package static func concernsFork(_ event: ProgressEvent) -> Bool {
        switch event {
        case .began(let phase, _, _), .ended(let phase): phase.hasPrefix(forkWait)
        case .advanced, .warning, .note: false
        }
    }

    private func begin(over connection: RedisConnection) async throws -> CopyStream {
        let phase = request.source.facts.forkDelay.map {
            "\(Self.forkWait): its repl-diskless-sync-delay is \($0.briefly)"
        }
        if let phase { progress(.began(phase: phase, totalBytes: nil, totalItems: nil)) }
        let stream = try await CopyStream.begin(over: connection, limits: request.limits, now: request.now)
        if let phase { progress(.ended(phase: phase)) }
        return stream
    }

    private func judge() throws {
        let findings = request.source.findings
        if let refusal = findings.refusal { throw refusal }
        for finding in findings { progress(.warning(finding.message)) }
    }

    /// Pulls pieces out of the network and hands each to both takers.
    private func pump(_ stream: CopyStream, to queues: [PieceQueue]) async throws {
        var stream = stream
        var hasBegun = false
        while let piece = try await stream.next() {
            if !hasBegun { progress(.began(phase: "dump", totalBytes: stream.announcedBytes, totalItems: nil)) }
            hasBegun = true
            for queue in queues { try await queue.send(piece) }
            progress(.advanced(bytes: Int64(piece.count), rows: 0, items: 0, item: "Redis"))
        }
        queues.forEach { $0.finish() }
    }

    /// An error of one must reach the others at once, or they would wait for pieces or room that never come.
    private func failing<Value: Sendable>(_ queues: [PieceQueue], _ body: () async throws -> Value) async throws -> Value {
        do { return try await body() } catch {
            queues.forEach { $0.fail(error) }
            throw error
        }
    }
}
