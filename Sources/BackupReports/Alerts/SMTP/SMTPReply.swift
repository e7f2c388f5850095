/// What a server answered: a number and its lines (RFC 5321, 4.2).
struct SMTPReply: Sendable, Equatable {
    var code: Int
    var lines: [String]

    /// 2xx, or 3xx for what has to go on.
    var isPositive: Bool { (200..<400).contains(code) }

    /// A capability as `EHLO` lists it: its parameters, or nil where the server has none.
    func capability(_ name: String) -> [String]? {
        for line in lines {
            let words = line.split(separator: " ").map { $0.uppercased() }
            if words.first == name { return Array(words.dropFirst()) }
        }
        return nil
    }

    /// 4xx may be taken later (a full queue, greylisting), 5xx never.
    /// - Parameter isMendable: it is about the configuration, which somebody may mend while the message waits.
    func failure(_ what: String, isMendable: Bool = false) -> DeliveryFailure {
        let said = lines.joined(separator: " ").prefix(200)
        let passes = isMendable || (400..<500).contains(code)
        return DeliveryFailure(passes ? .later(nil) : .refused, "the mail server refused \(what) with \(code): \(said)")
    }
}
