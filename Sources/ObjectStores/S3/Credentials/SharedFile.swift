/// One of the two files AWS's programs share, `~/.aws/config` and `~/.aws/credentials`: sections of properties. Pure.
///
/// The format is the one of the "AWS SDKs and Tools Reference Guide" (shared config and credentials files): comments begin with `#` or `;`,
/// also after a value when white space stands before; an indented line belongs to the property above it; of two values the later one holds.
struct SharedFile: Sendable, Equatable {
    /// By the section's name as it stands in the brackets, with one space between its words.
    private(set) var sections: [String: [String: String]] = [:]
    /// Numbers of the lines that are neither. What they say is never quoted: it may be half of a key.
    private(set) var faultyLines: [Int] = []

    init() {}

    init(_ text: String) {
        var section: String?
        var property: String?
        for (number, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let content = line.trimmed
            if content.isEmpty || content.first == "#" || content.first == ";" { continue }
            if line.first?.isWhitespace == true, let section, let property {
                sections[section]?[property]?.append("\n" + content)
            } else if content.first == "[" {
                section = open(content, number)
                property = nil
            } else {
                property = take(content, section, number)
            }
        }
    }

    private mutating func open(_ line: String, _ number: Int) -> String? {
        guard let end = line.firstIndex(of: "]") else {
            faultyLines.append(number + 1)
            return nil
        }
        let name = line[line.index(after: line.startIndex)..<end].split(whereSeparator: \.isWhitespace).joined(separator: " ")
        sections[name, default: [:]].merge([:]) { $1 }
        return name
    }

    private mutating func take(_ line: String, _ section: String?, _ number: Int) -> String? {
        guard let section, let equals = line.firstIndex(of: "="), equals != line.startIndex else {
            faultyLines.append(number + 1)
            return nil
        }
        let name = line[..<equals].trimmed.lowercased()
        sections[section, default: [:]][name] = line[line.index(after: equals)...].withoutComment
        return name
    }
}

extension StringProtocol {
    /// Without the white space at both ends.
    var trimmed: String { String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed()) }

    fileprivate var withoutComment: String {
        var last: Character = " "
        for index in indices {
            if last.isWhitespace, self[index] == "#" || self[index] == ";" { return self[..<index].trimmed }
            last = self[index]
        }
        return trimmed
    }
}
