/// One check of one artifact that was carried through to a verdict.
package struct Verification: Sendable, Equatable {
    /// The artifact's key.
    package var artifact: String
    package var level: Level
    package var at: Instant
    package var seconds: Double
    package var passed: Bool
    /// What was proved and, where it failed, what was found: one sentence each.
    package var reasons: [String]
    /// What was left out, or could not be proved where the check ran: one sentence each.
    package var notProved: [String]
    /// Whether only a part of the file was restored for the proof.
    package var isPartial: Bool
    /// Of a proof by restore; nil for lower levels.
    package var durations: ProofDurations?
    /// The store whose copy was read; nil where the manifest knows of one store only.
    package var store: String?
    package var unknown = UnknownFields()

    package init(
        artifact: String, level: Level, at: Instant, seconds: Double, passed: Bool, reasons: [String], notProved: [String] = [],
        isPartial: Bool = false, durations: ProofDurations? = nil, store: String? = nil
    ) {
        self.artifact = artifact
        self.level = level
        self.at = at
        self.seconds = seconds
        self.passed = passed
        self.reasons = reasons
        self.notProved = notProved
        self.isPartial = isPartial
        self.durations = durations
        self.store = store
    }
}

extension Verification {
    /// How deep a check went. Open: a newer version's levels are carried along unread.
    package struct Level: RawRepresentable, Sendable, Hashable, Codable {
        package let rawValue: String
        package init(rawValue: String) { self.rawValue = rawValue }

        /// Only that the file is the one that was stored: nobody who looked could open it.
        package static let digest = Level(rawValue: "digest")
        /// Structure, index, and the digests over the compressed bytes.
        package static let quick = Level(rawValue: "quick")
        /// Everything inflated, every row counted and digested again.
        package static let content = Level(rawValue: "content")
        /// Restored into a server and compared there.
        package static let restore = Level(rawValue: "restore")
    }
}

extension Verification: Codable {
    private enum CodingKeys: String, CodingKey {
        case artifact, level, at, seconds, passed, reasons, notProved, isPartial, durations, store
    }

    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        artifact = try fields.decode(String.self, forKey: .artifact)
        level = try fields.decode(Level.self, forKey: .level)
        at = try fields.decode(Instant.self, forKey: .at)
        seconds = try fields.decode(Double.self, forKey: .seconds)
        passed = try fields.decode(Bool.self, forKey: .passed)
        reasons = try fields.decode([String].self, forKey: .reasons)
        notProved = try fields.decodeIfPresent([String].self, forKey: .notProved) ?? []
        isPartial = try fields.decodeIfPresent(Bool.self, forKey: .isPartial) ?? false
        durations = try fields.decodeIfPresent(ProofDurations.self, forKey: .durations)
        store = try fields.decodeIfPresent(String.self, forKey: .store)
        unknown = try UnknownFields(besides: CodingKeys.self, in: decoder)
    }

    package func encode(to encoder: any Encoder) throws {
        try unknown.encode(to: encoder)
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(artifact, forKey: .artifact)
        try fields.encode(level, forKey: .level)
        try fields.encode(at, forKey: .at)
        try fields.encode(seconds, forKey: .seconds)
        try fields.encode(passed, forKey: .passed)
        try fields.encode(reasons, forKey: .reasons)
        if !notProved.isEmpty { try fields.encode(notProved, forKey: .notProved) }
        if isPartial { try fields.encode(isPartial, forKey: .isPartial) }
        try fields.encodeIfPresent(durations, forKey: .durations)
        try fields.encodeIfPresent(store, forKey: .store)
    }
}
