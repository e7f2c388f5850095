/// Where the keys of a YAML file stand, as far as it is written one key a line: for messages, which are true without it.
enum YAMLLines {
    /// By the keys on the way, joined with dots.
    static func numbers(in text: String) -> [String: Int] {
        var numbers: [String: Int] = [:]
        var above: [(indent: Int, name: String)] = []
        for (place, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            guard let match = String(line).prefixMatch(of: /( *)([A-Za-z0-9_.-]+)\s*:(\s|$)/) else { continue }
            let indent = match.1.count
            above.removeAll { $0.indent >= indent }
            above.append((indent, String(match.2)))
            numbers[above.map { $0.name }.joined(separator: ".")] = place + 1
        }
        return numbers
    }
}
