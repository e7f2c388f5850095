import BackupModel
import NIOHTTP1

/// Times in HTTP's headers: `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, 5.6.7; the two obsolete forms are left out).
enum HTTPDate {
    /// Nil for anything else.
    static func parse(_ text: some StringProtocol) -> Instant? {
        let words = text.split(separator: " ")
        guard words.count == 6, words[5] == "GMT", let month = months.firstIndex(of: String(words[2])) else { return nil }
        let number = month + 1
        let day = words[1].count == 1 ? "0\(words[1])" : String(words[1])
        return Instant(iso8601: "\(words[3])-\(number < 10 ? "0" : "")\(number)-\(day)T\(words[4])Z")
    }

    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
}

extension HTTPAnswer {
    /// The server's clock when it answered.
    var date: Instant? { headers.first(name: "date").flatMap { HTTPDate.parse($0) } }

    /// How far the server's clock is ahead of ours; below zero when ours is ahead. To the second, as the header is.
    func clockLead(over now: Instant) -> Duration? { date.map { $0 - now } }

    /// Seconds, or a date (RFC 9110, 10.2.3).
    func retryAfter(now: Instant) -> Duration? {
        guard let text = headers.first(name: "retry-after") else { return nil }
        if let seconds = Int64(text) { return .seconds(max(0, min(seconds, 86_400))) }
        return HTTPDate.parse(text).map { max(.zero, $0 - now) }
    }
}
