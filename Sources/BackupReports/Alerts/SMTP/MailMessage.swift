import BackupModel
import FoundationEssentials

/// A plain text message as RFC 5322 and MIME write it: lines of ASCII that end with CRLF.
struct MailMessage {
    var from: String
    var to: [String]
    var subject: String
    var text: String
    /// What it belongs to, and what tells it from the others there: the same when it is sent again.
    var thread: String
    var id: String
    var date: Instant

    var encoded: String {
        let headers = [
            "From: \(from)", "To: " + to.joined(separator: ",\r\n "), "Subject: \(Self.encodedWords(subject))",
            "Date: \(MailDate.text(date))", "Message-ID: <\(Self.identifier(id))@\(host)>",
            "References: <\(Self.identifier(thread))@\(host)>", "MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8",
            "Content-Transfer-Encoding: base64",
            // RFC 3834: so that nobody's absence is told to it.
            "Auto-Submitted: auto-generated",
        ]
        return (headers + [""] + Self.lines(Array(text.utf8))).joined(separator: "\r\n") + "\r\n"
    }

    private var host: String { String(SMTPDialogue.address(from).drop { $0 != "@" }.dropFirst()) }

    /// What may stand before the @ of an identifier.
    private static func identifier(_ text: String) -> String {
        String(text.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") ? $0 : "." })
    }

    private static func lines(_ bytes: [UInt8]) -> [String] {
        stride(from: 0, to: bytes.count, by: 57).map { Data(bytes[$0..<min($0 + 57, bytes.count)]).base64EncodedString() }
    }

    /// RFC 2047: text of other letters than ASCII's as words of at most 75 characters, none of which cuts a letter in two. Line ends would begin
    /// another header: there are none in it.
    static func encodedWords(_ text: String) -> String {
        let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
        guard line.utf8.contains(where: { !(32...126).contains($0) }) || line.utf8.count > 68 || line.contains("=?") else { return line }
        var words: [[UInt8]] = [[]]
        for letter in line {
            let bytes = Array(String(letter).utf8)
            // The first one stands behind the header's name.
            if words[words.count - 1].count + bytes.count > (words.count == 1 ? 36 : 45) { words.append([]) }
            words[words.count - 1] += bytes
        }
        return words.map { "=?utf-8?B?\(Data($0).base64EncodedString())?=" }.joined(separator: "\r\n ")
    }
}

/// `Sat, 14 Feb 2026 09:00:00 +0000` (RFC 5322, 3.3).
enum MailDate {
    static func text(_ instant: Instant) -> String {
        let parts = instant.display.dropLast().split(whereSeparator: { "- ".contains($0) })
        let days = Int64((Double(instant.millisecondsSinceEpoch) / 86_400_000).rounded(.down))
        let weekday = weekdays[Int((days % 7 + 7) % 7)]
        let month = Int(parts[1]).flatMap { (1...12).contains($0) ? months[$0 - 1] : nil } ?? "Jan"
        return "\(weekday), \(parts[2]) \(month) \(parts[0]) \(parts[3]) +0000"
    }

    /// The first day of 1970 was a Thursday.
    private static let weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
}
