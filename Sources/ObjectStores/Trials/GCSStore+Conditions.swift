import BackupModel

/// Whether preconditions are kept, seen from the protocol: a write that says "only if nothing is there", one that says "only if it is still this",
/// and several at once that say the same, of which a server that looks before it writes lets more than one win.
extension GCSStore {
    func conditionsTrial(_ key: String) async throws -> Trial {
        try await cleaning(key) {
            let creators = try await winners(key, replacing: 0)
            guard creators > 0, let first = try await client.facts(key) else {
                return .lies("conditions", "an unused name counts as taken")
            }
            let isOverwritten = try await takes(key, [2], replacing: 0)
            let isConfused = try await takes(key, [3], replacing: first.generation + 1)
            if isOverwritten || isConfused {
                return Trial(
                    "conditions",
                    "this server ignores \(isOverwritten ? "ifGenerationMatch=0" : "ifGenerationMatch"), which Google's keeps",
                    .lacking(hint: "Runs that store one name at the same time could overwrite each other; let only one host write there."))
            }
            let changers = try await winners(key, replacing: first.generation)
            return creators == 1 && changers <= 1 ? Self.keptConditions : Self.manyWinners(creators, changers)
        }
    }

    private static let writers = 8

    private static let keptConditions = Trial(
        "conditions", "nothing is overwritten, and a change made meanwhile is noticed, by the server itself")

    private static func manyWinners(_ creators: Int, _ changers: Int) -> Trial {
        let (count, verb) = creators > 1 ? (creators, "stored") : (changers, "changed")
        return Trial(
            "conditions",
            "of \(writers) that \(verb) one name in the same moment \(count) were told that they had, so what some of them wrote is lost, "
                + "where Google's server lets one win",
            .lacking(hint: "A verdict or a pin in a manifest could be lost; let only one host write there, and one program at a time."))
    }

    /// How many of several that want to replace the same generation at once are told that they did.
    private func winners(_ key: String, replacing generation: Int64) async throws -> Int {
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for writer in 0..<Self.writers { group.addTask { try await takes(key, [UInt8(writer)], replacing: generation) } }
            return try await group.reduce(0) { $1 ? $0 + 1 : $0 }
        }
    }

    /// What a retention policy keeps is not replaced either.
    private func takes(_ key: String, _ bytes: [UInt8], replacing generation: Int64) async throws -> Bool {
        do {
            return try await GCSDocument(client: client, options: options, key: key).store(bytes, replacing: generation) != nil
        } catch let error as BackupError where error.code == .objectLocked {
            return false
        }
    }
}
