/// How long each part of a proof by restore took, in seconds.
package struct ProofDurations: Sendable, Equatable {
    /// Also what a later version measures, which is carried along.
    private var seconds: [String: Double] = [:]

    package enum Phase: String, Sendable, CaseIterable {
        /// Reading the file as the level `content` does, before any of it was restored.
        case check
        /// Making and starting the scratch server.
        case start
        /// The measured recovery time: the whole restore, from an empty server to the last constraint, on the machine that proved it.
        case restore
        /// Of it: until the last row was loaded, and from there to the last index and constraint; missing where nobody can tell them apart.
        case load, build
        /// Reading everything back and comparing it.
        case compare
        /// The same restore by `zcat | psql`, and its comparison.
        case psql
    }

    package init(_ seconds: [Phase: Double] = [:]) {
        for (phase, value) in seconds { self[phase] = value }
    }

    package subscript(phase: Phase) -> Double? {
        get { seconds[phase.rawValue] }
        set { seconds[phase.rawValue] = newValue }
    }
}

extension ProofDurations: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        seconds = try container.decode([String: Double].self)
        // Centuries are no proof's, and what is beyond every `Duration` would end whoever reads it.
        guard seconds.values.allSatisfy({ abs($0) < 1e10 }) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "nothing takes so long")
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(seconds)
    }
}
