package import BackupModel
import FoundationEssentials
import NIOCore
import NIOHTTP1

/// What a bucket of Google's has to show.
extension GCSStore: ProvableStore {
    package func ownTrials(_ name: String, on bench: TrialBench, context: RunContext) async {
        await bench.run("conditions") { try await conditionsTrial(name + ".conditions") }
        await bench.run("complete") { try await completionTrial(name + ".complete") }
        await bench.run("abort") { try await abortTrial(name + ".abort") }
        await bench.run("clock") { try await clockTrial() }
        switch await bench.ask({ try await bucketFacts() }) {
        case .given(let bucket):
            bench.add(Self.place(bucket))
            await bench.run("versioning") { try await versioningTrial(bucket, name + ".versions") }
            bench.add(Self.encryption(bucket, isGoogles: client.location.isGoogles))
            await bench.run("object lock") { try await lockTrial(bucket, name + ".locked", context) }
        case .refused(let error): bench.add(Self.unseen(error))
        case .silence(let error): bench.add(Trial("bucket", error.message, .failed(error)))
        case .untried(let why): bench.add(Trial("bucket", why, .untried))
        }
    }

    /// Backups do without that permission.
    private static func unseen(_ error: any Error) -> Trial {
        let reason = (error as? BackupError)?.message ?? "\(error)"
        let hint = "Grant storage.buckets.get (roles/storage.bucketViewer) if this is to be looked at; backups do not need it."
        return Trial("bucket", "its settings are not to be seen: \(reason)", .lacking(hint: hint))
    }

    /// Deletes every generation of the key, where the bucket keeps old ones.
    package func removeTrial(_ key: String) async throws -> String? {
        do {
            try await delete(key)
            for old in try await generations(of: key) { try await client.delete(key, generation: old.generation) }
        } catch let error as BackupError where error.code == .objectLocked {
            let end = try await generations(of: key).compactMap(\.keptUntil).max()
            return "\(key) stays, and can be deleted \(end.map { "from \($0.display) on" } ?? "when its hold is released")"
        }
        return nil
    }

    private func generations(of key: String) async throws -> [GCSObject] {
        let object = client.location.objectName(key)
        let answer = try await client.send(
            .list, HTTPCall(.GET, client.location.objects([("versions", "true"), ("prefix", object)])))
        guard answer.isSuccess else { throw await client.error(of: answer, .list) }
        return try answer.decoded(as: GCSPage.self, from: name).items?.filter { $0.name == object } ?? []
    }
}

extension GCSStore {
    /// Two upload one name at once through sessions: the second one must not win at its end.
    private func completionTrial(_ key: String) async throws -> Trial {
        try await cleaning(key) {
            var options = options
            options.pieceSize = 256 << 10
            let slow = GCSUpload(client: client, options: options, key: key)
            do {
                try await slow.write([UInt8](repeating: 1, count: options.pieceSize + 1))
                guard try await GCSDocument(client: client, options: options, key: key).store([2], replacing: 0) != nil else {
                    return .lies("complete", "a name counts as taken while its upload is under way")
                }
                try await slow.finish()
            } catch let error as BackupError where error.code == .targetExists || error.code == .objectLocked {
                try await uncancelled { try await slow.abort() }
                return Trial("complete", "an upload that ends after another one of the same name is refused")
            } catch {
                throw await takenBack(slow, key, after: error)
            }
            return Trial(
                "complete", "an upload in pieces overwrites what was stored meanwhile, which Google's server refuses",
                .lacking(hint: "Let only one host write there."))
        }
    }

    func abortTrial(_ key: String) async throws -> Trial {
        try await cleaning(key) {
            let session = try await GCSSession.begin(client: client, options: options, key: key, mark: "storage-check")
            try await session.send(ByteBuffer(repeating: 1, count: 256 << 10))
            return try await Self.ending(session)
        }
    }

    private static func ending(_ session: GCSSession) async throws -> Trial {
        let hint = "It ends by itself in a week, costs nothing and is never visible."
        let status = try await session.end()
        guard status == 499 || (200..<300).contains(status) else {
            return Trial("abort", "a session does not end when it is told to (status \(status))", .lacking(hint: hint))
        }
        guard try await !session.goesOn() else {
            return Trial("abort", "a session that was told to end goes on", .lacking(hint: hint))
        }
        return Trial("abort", "an upload under way can be cancelled")
    }

    private func clockTrial() async throws -> Trial {
        ClockTrial.of(try await clockLead())
    }

    func cleaning(_ key: String, _ body: () async throws -> Trial) async throws -> Trial {
        let result: Swift.Result<Trial, any Error>
        do { result = .success(try await body()) } catch { result = .failure(error) }
        _ = try await uncancelled { try await removeTrial(key) }
        return try result.get()
    }

    func bucketFacts() async throws -> GCSBucket {
        let answer = try await client.send(.examineBucket, HTTPCall(.GET, client.location.bucketFacts([("projection", "noAcl")])))
        guard answer.isSuccess else { throw await client.error(of: answer, .examineBucket) }
        return try answer.decoded(as: GCSBucket.self, from: name)
    }
}
