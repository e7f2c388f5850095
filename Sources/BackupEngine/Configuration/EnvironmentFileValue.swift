/// What a value in a `.env` file means, by the rules of Docker Compose, which reads the same file.
enum EnvironmentFileValue {
    /// Takes quotes off a quoted value, and a trailing ` # comment` off one that is not.
    static func plain(_ text: String) -> String {
        if let quote = text.first, quote == "\"" || quote == "'" {
            let inner = text.dropFirst()
            if let end = inner.firstIndex(of: quote) { return String(inner[..<end]) }
        }
        guard let comment = text.firstRange(of: " #") else { return text }
        return String(text[..<comment.lowerBound].reversed().drop { $0 == " " }.reversed())
    }
}
