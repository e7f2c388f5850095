/// Looks through a `.env` file for lines that do not mean what whoever wrote them meant. The parser passes over them without a word.
///
/// What is said names the line and never quotes it: it may hold a password.
enum EnvironmentFileLines {
    /// One sentence for every such line.
    static func warnings(in text: String, path: String) -> [String] {
        text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().compactMap { place, line in
            fault(of: line).map { "line \(place + 1) of \(path) \($0)" }
        }
    }

    /// The line that sets each name; of several the last.
    static func numbers(in text: String) -> [String: Int] {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
        return lines.reduce(into: [:]) { numbers, line in
            let words = trimmed(line.element)
            guard !words.hasPrefix("#"), let sign = words.firstIndex(of: "=") else { return }
            let name = trimmed(words[..<sign])
            numbers[String(name.hasPrefix("export ") ? trimmed(name.dropFirst("export ".count)) : name)] = line.offset + 1
        }
    }

    private static func fault(of line: Substring) -> String? {
        let text = trimmed(line)
        if text.isEmpty || text.hasPrefix("#") { return nil }
        guard let sign = text.firstIndex(of: "=") else { return "is left out: it is not of the form NAME=value" }
        guard isName(trimmed(text[..<sign])) else {
            return "is left out: before the = there is no name of letters, digits and underscores"
        }
        let value = trimmed(text[text.index(after: sign)...])
        guard let quote = value.first, quote == "\"" || quote == "'", !value.dropFirst().contains(quote) else { return nil }
        return "opens a quote that it does not close; the quote is taken for a part of the value"
    }

    private static func isName(_ text: Substring) -> Bool {
        let name = text.hasPrefix("export ") ? trimmed(text.dropFirst("export ".count)) : text
        guard let first = name.first, !first.isNumber else { return false }
        return name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
    }

    private static func trimmed(_ text: Substring) -> Substring {
        let blanks: Set<Character> = [" ", "\t", "\r"]
        let rest = text.drop { blanks.contains($0) }
        return rest[..<(rest.lastIndex { !blanks.contains($0) }.map(rest.index(after:)) ?? rest.startIndex)]
    }
}
