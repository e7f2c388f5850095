/// One command of a history, as a primary sends it to its replicas.
struct ReplicatedCommand: Sendable, Equatable {
    let words: [[UInt8]]

    /// Nil for what is none.
    init?(_ value: RESPValue) {
        guard let elements = value.elements, !elements.isEmpty else { return nil }
        var words: [[UInt8]] = []
        for element in elements {
            guard case .bulk(let word) = element else { return nil }
            words.append(word)
        }
        self.words = words
    }

    var name: String { words.first.map { String(decoding: $0, as: UTF8.self).uppercased() } ?? "" }

    /// Signs of life, questions for a replica's position, and messages, which are no data. Everything else counts as a write.
    var leavesDataAlone: Bool { Self.harmless.contains(name) }

    private static let harmless: Set<String> = ["PING", "SELECT", "REPLCONF", "PUBLISH", "SPUBLISH"]

    /// What it takes up of the history: an array of bulk strings is the one form it has there.
    var byteCount: Int64 {
        words.reduce(Self.lineBytes(words.count)) { $0 + Self.lineBytes($1.count) + Int64($1.count) + 2 }
    }

    /// `*3\r\n`, `$14\r\n`.
    private static func lineBytes(_ number: Int) -> Int64 { Int64("\(number)".utf8.count) + 3 }
}
