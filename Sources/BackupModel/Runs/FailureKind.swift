/// What kind of failure it was, as far as the run itself could tell: whoever looks at its record later need not read words.
package struct FailureKind: Sendable, Equatable, Codable {
    /// The name of a `BackupError.Obstacle`; a later version may know more of them.
    package var obstacle: String?
    /// The same for each store that failed, where a run went on without it.
    package var stores: [Refusal]
    /// Whether the run's process was gone before it could say anything.
    package var isDeath: Bool
    /// Whether it was called off: whoever had begun it ended it; nil in records of versions before.
    package var isCalledOff: Bool?
    /// The stores that lack the backup the run took; nil where every store has it, and in records of versions before.
    package var lacking: [String]?

    package struct Refusal: Sendable, Equatable, Codable {
        package var store: String
        package var obstacle: String

        package init(store: String, obstacle: String) {
            self.store = store
            self.obstacle = obstacle
        }
    }

    package init(obstacle: String? = nil, stores: [Refusal] = [], isDeath: Bool = false) {
        self.obstacle = obstacle
        self.stores = stores
        self.isDeath = isDeath
    }

    /// Nil where the error says nothing of it.
    init?(_ error: BackupError) {
        let obstacle = error.obstacle ?? (error.cause as? BackupError)?.obstacle
        guard obstacle != nil || !error.storeObstacles.isEmpty || !error.lackingStores.isEmpty else { return nil }
        let stores = error.storeObstacles.sorted { $0.key < $1.key }.map { Refusal(store: $0.key, obstacle: $0.value.rawValue) }
        self.init(obstacle: obstacle?.rawValue, stores: stores)
        lacking = error.lackingStores.isEmpty ? nil : error.lackingStores
    }
}

extension RunFailure {
    /// As `RunRecord.buried` begins.
    package static let deathWords = "its process ended without a word"

    /// Whether nobody lived to say why; of records of versions before by their words.
    package var isDeath: Bool { kind?.isDeath ?? message.hasPrefix(Self.deathWords) }

    /// Whether nothing failed but the time it had: whoever had begun it, its service or a person, ended it.
    package var isCalledOff: Bool { kind?.isCalledOff ?? false }

    /// Whether a store denied something; nil where the record does not say it of that store: what else stood in the way may have been in another one.
    package func isDenial(by store: String) -> Bool? {
        let refusal = kind?.stores.first { $0.store == store }
        return refusal.map { $0.obstacle == BackupError.Obstacle.denied.rawValue }
    }
}
