import BackupModel
import BytePipeline
import Redis

/// Takes a copy of a Redis over from the backup before, where nothing has changed since; and holds what was read from the server all the same against it.
struct RedisTakeOver: Sendable {
    let loan: EarlierCopies.Loan
    let source: RedisSource
    let stallTimeout: Duration
    let context: RunContext
    let progress: ProgressSink
    /// Is told how far the copy is.
    let phases: ProgressSink

    /// A file of the backup before that lies open, of the length it should have.
    struct Lender: Sendable {
        let store: String
        let file: any RandomAccessBytes
        /// Where else it may be had.
        let others: ArraySlice<any BackupStore>
    }

    enum Outcome: Sendable {
        case taken(SavedCopy)
        /// The server has to be read; why was told.
        case changed
        /// The same, though it was known to hold the same at that instant.
        case lost(since: Instant)
    }

    /// Opened before the server is asked, so that what has not changed can be taken at once: PostgreSQL is saved at the instant of the answer.
    /// - Returns: nil where no store lends it; why was told.
    func lender() async throws -> Lender? { try await lender(among: loan.stores[...]) }

    /// - Parameter answered: called when it is known that nothing has changed, at the instant the copy is of; the bytes follow.
    /// - Throws: errors of the stores that are written to, `CancellationError`.
    func callAsFunction(
        _ key: String, from lender: Lender, to writer: ArtifactWriter, answered: @Sendable () -> Void
    ) async throws -> Outcome {
        guard let state = try await unchanged(loan.rules) else { return .changed }
        answered()
        guard let (file, name) = try await copy(key, from: lender, to: writer) else { return .lost(since: state.instant) }
        progress(
            .note("Redis at \(source.endpoint) has not changed: \(ByteSize(file.bytes)) were taken over from \(name)"))
        var artifact = loan.artifact
        (artifact.key, artifact.bytes, artifact.sha256, artifact.encryption) = (file.key, file.bytes, file.sha256, file.encryption)
        artifact.origins = RowOrigins(reusedBytes: file.bytes, readBytes: 0, source: name)
        return .taken(SavedCopy(artifact: artifact, copy: loan.copy.renewed(as: file.key, from: source, state)))
    }

    /// What came of reading a server that says that nothing has changed since the backup before.
    enum Audit: Sendable {
        case agrees
        /// One sentence with the evidence.
        case differs(String)
    }

    /// - Parameter read: what was read from the server just now.
    /// - Returns: nil where the server does not say so; why was told.
    func audit(_ read: RedisCopy) async throws -> Audit? {
        // Up to the copy nothing was written, as far as writes are counted; and what was counted since is told by what is known of the new copy.
        guard let before = loan.copy.ground, let after = read.ground, source.facts.writes?.agrees(with: WriteCount(before)) == true,
            let rules = ChangeRules(loan.copy.expected(before, after)), try await unchanged(rules) != nil
        else { return nil }
        return loan.copy.difference(from: read).map { .differs($0) } ?? .agrees
    }

    /// A server that cannot be asked is read: that tells more of what is wrong.
    private func unchanged(_ rules: ChangeRules) async throws -> FullResync? {
        do {
            switch try await ChangeQuestion(rules, at: source.endpoint, now: context.now)() {
            case .unchanged(let state): return state
            case .changed(let reason):
                progress(.note("Redis at \(source.endpoint) is read: \(reason)"))
                return nil
            }
        } catch let error as BackupError {
            try Task.checkCancellation()
            progress(.warning("whether Redis at \(source.endpoint) has changed could not be asked, so that it is read: \(error)"))
            return nil
        }
    }

    private func lender(among stores: ArraySlice<any BackupStore>) async throws -> Lender? {
        var others = stores
        while let store = others.popFirst() {
            do { return Lender(store: store.name, file: try await open(store), others: others) } catch let failure as Unlendable {
                try tell(failure, of: store.name)
            }
        }
        return nil
    }

    /// PostgreSQL waits for Redis, with its locks held: who does not even open a file in half that time lends nothing.
    private static let openingLimit = InstantMeeting.patience / 2

    /// A folder whose server is gone hangs in the kernel; that must not be the end of the backup.
    private func open(_ store: any BackupStore) async throws -> any RandomAccessBytes {
        let name = StoredName(key: loan.artifact.key, store: store.name)
        let opening = watch(min(stallTimeout, Self.openingLimit))
        let file = try await lending { try await opening.over(name) { try await store.open(name.key) } }
        guard file.byteCount == loan.artifact.bytes else {
            throw Unlendable(reason: "it holds \(file.byteCount.counted("byte")), \(loan.artifact.bytes) were stored")
        }
        return WatchedBytes(bytes: file, name: name, watch: watch(stallTimeout))
    }

    private func watch(_ limit: Duration) -> ReadWatch {
        ReadWatch(limit: limit, clock: context.clock) { [progress] in progress(.warning($0)) }
    }

    /// From whichever store gives it as it was stored.
    private func copy(_ key: String, from first: Lender, to writer: ArtifactWriter) async throws -> (WrittenFile, lender: String)? {
        var next: Lender? = first
        while let lender = next {
            do {
                let file = try await writer.copy(key) { try await pass(lender.file, to: $0) }
                return (file, "\(lender.store)/\(loan.artifact.key)")
            } catch let failure as Unlendable {
                try tell(failure, of: lender.store)
            }
            next = try await self.lender(among: lender.others)
        }
        return nil
    }

    private func tell(_ failure: Unlendable, of store: String) throws {
        try Task.checkCancellation()
        progress(.warning("\(loan.artifact.key) cannot be taken over from \(store): \(failure.reason)"))
    }

    private static let pieceBytes: Int64 = 4 << 20

    private func pass(_ file: any RandomAccessBytes, to sink: DigestingSink) async throws {
        let phase = "dump"
        phases(.began(phase: phase, totalBytes: loan.artifact.bytes, totalItems: nil))
        for offset in stride(from: 0, to: file.byteCount, by: Int64.Stride(Self.pieceBytes)) {
            let piece = try await lending { try await file.read(at: offset, count: Int(min(Self.pieceBytes, file.byteCount - offset))) }
            try await sink.write(piece, like: Precedent(key: loan.artifact.key, offset: offset))
            phases(.advanced(bytes: Int64(piece.count), rows: 0, items: 0, item: "Redis"))
        }
        guard sink.summary == ByteSummary(bytes: loan.artifact.bytes, sha256: loan.artifact.sha256) else {
            throw Unlendable(reason: "it is not what was stored")
        }
        phases(.ended(phase: phase))
    }

    /// Tells trouble with the file that is read from trouble with those that are written.
    private func lending<Value: Sendable>(_ body: () async throws -> Value) async throws -> Value {
        do { return try await body() } catch let error as BackupError { throw Unlendable(reason: "\(error)") }
    }

    private struct Unlendable: Error {
        let reason: String
    }
}

extension RedisCopy {
    /// The same data at a later place of the history.
    fileprivate func renewed(as artifact: String, from source: RedisSource, _ state: FullResync) -> RedisCopy {
        var copy = self
        copy.artifact = artifact
        copy.server = "\(source.endpoint.place)"
        copy.lagBytes = source.lagBytes
        (copy.replicationID, copy.offset, copy.takenAt) = (state.replicationID, state.offset, state.instant)
        return copy
    }

    /// The same, held against a server that was read since. Where it has saved meanwhile, the counts do not tell what was written before that: then only the
    /// history may.
    func expected(_ before: RedisGround, _ after: RedisGround) -> RedisCopy {
        var copy = self
        copy.ground = after
        copy.ground?.countsTell = before.countsTell && after.countsTell && WriteCount(after).agrees(with: WriteCount(before))
        return copy
    }

    fileprivate func difference(from read: RedisCopy) -> String? {
        let numbers = Set(databases.map(\.number) + read.databases.map(\.number)).sorted()
        for number in numbers {
            let (recorded, found) = (words(of: number), read.words(of: number))
            guard recorded != found else { continue }
            return "database \(number) of Redis was taken for unchanged and is not: \(recorded) before, \(found) now"
        }
        return nil
    }

    private func words(of number: Int) -> String {
        guard let database = databases.first(where: { $0.number == number }) else { return "no keys" }
        return "\(database.keys) keys, \(database.expiring) with an expiry, digest \(database.digest)"
    }
}
