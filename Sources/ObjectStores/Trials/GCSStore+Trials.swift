package import BackupModel
import FoundationEssentials
import NIOCore
import NIOHTTP1

/// What a bucket of Google's has to show.
extension GCSStore: ProvableStore {
    package func ownTrials(_ name: String, context: RunContext) async -> [Trial] {
        var trials = [
            await Trial.of("conditions") { try await conditionsTrial(name + ".conditions") },
            await Trial.of("complete") { try await completionTrial(name + ".complete") },
            await Trial.of("abort") { try await abortTrial(name + ".abort") },
            await Trial.of("clock") { try await clockTrial(context) },
        ]
        do { trials += Self.trials(of: try await bucketFacts()) } catch {
            // Backups do without that permission.
            let reason = (error as? BackupError)?.message ?? "\(error)"
            let hint = "Grant storage.buckets.get (roles/storage.bucketViewer) if this is to be looked at; backups do not need it."
            trials.append(Trial("bucket", "its settings are not to be seen: \(reason)", .lacking(hint: hint)))
        }
        return trials
    }

    /// Deletes every generation of the key, where the bucket keeps old ones.
    package func removeTrial(_ key: String) async throws -> String? {
        try await delete(key)
        let answer = try await client.send(
            .list, HTTPCall(.GET, client.location.objects([("versions", "true"), ("prefix", client.location.objectName(key))])))
        guard answer.isSuccess else { throw await client.error(of: answer, .list) }
        for old in try answer.decoded(as: GCSPage.self, from: name).items ?? [] where old.name == client.location.objectName(key) {
            try await client.delete(key, generation: old.generation)
        }
        return nil
    }
}

extension GCSStore {
    /// Whether preconditions are kept, seen from the protocol: a write that says "only if nothing is there", and one that says "only if it is
    /// still this".
    private func conditionsTrial(_ key: String) async throws -> Trial {
        try await cleaning(key) {
            let document = GCSDocument(client: client, options: options, key: key)
            guard let first = try await document.store([1], replacing: 0) else {
                return .lies("conditions", "an unused name counts as taken")
            }
            let overwritten = try await GCSDocument(client: client, options: options, key: key).store([2], replacing: 0) != nil
            let changed =
                try await GCSDocument(client: client, options: options, key: key).store([3], replacing: first.generation + 1) != nil
            if overwritten || changed {
                return Trial(
                    "conditions", "this server ignores \(overwritten ? "ifGenerationMatch=0" : "ifGenerationMatch"), which Google's keeps",
                    .lacking(hint: "Runs that store one name at the same time could overwrite each other; let only one host write there."))
            }
            return Trial("conditions", "nothing is overwritten, and a change made meanwhile is noticed, by the server itself")
        }
    }

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
            } catch let error as BackupError where error.code == .targetExists {
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

    private func abortTrial(_ key: String) async throws -> Trial {
        let session = try await GCSSession.begin(client: client, options: options, key: key, mark: "storage-check")
        try await session.send(ByteBuffer(repeating: 1, count: 256 << 10))
        let status = try await session.end()
        guard status == 499 || (200..<300).contains(status) else {
            return Trial(
                "abort", "a session does not end when it is told to (status \(status))",
                .lacking(hint: "It ends by itself in a week, costs nothing and is never visible."))
        }
        return Trial("abort", "an upload under way can be cancelled")
    }

    private func clockTrial(_ context: RunContext) async throws -> Trial {
        let answer = try await client.send(.list, HTTPCall(.GET, client.location.objects([("maxResults", "1")])))
        return ClockTrial.of(answer.clockLead(over: context.now()))
    }

    private func cleaning(_ key: String, _ body: () async throws -> Trial) async throws -> Trial {
        let result: Swift.Result<Trial, any Error>
        do { result = .success(try await body()) } catch { result = .failure(error) }
        _ = try await uncancelled { try await removeTrial(key) }
        return try result.get()
    }

    private func bucketFacts() async throws -> GCSBucket {
        let answer = try await client.send(.examineBucket, HTTPCall(.GET, client.location.bucketFacts([("projection", "noAcl")])))
        guard answer.isSuccess else { throw await client.error(of: answer, .examineBucket) }
        return try answer.decoded(as: GCSBucket.self, from: name)
    }
}
