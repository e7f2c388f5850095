/// What the unquoted words of the statement being read say about where it ends: psql's own rule for `BEGIN ATOMIC … END` bodies
/// (only in CREATE FUNCTION and CREATE PROCEDURE), and whether rows follow it.
struct StatementWords: Sendable {
    private var leading: [String] = []
    private var previous = ""
    private(set) var openBlocks = 0
    private(set) var copiesFromStandardInput = false

    private static let longestKeyword = 9

    mutating func meet(_ word: ArraySlice<UInt8>, insideParentheses: Bool) {
        let keyword = word.count > Self.longestKeyword ? "" : String(decoding: word.map(SQLByte.lowercase), as: UTF8.self)
        if leading.count < 4 { leading.append(keyword) }
        if !insideParentheses {
            meetBlockKeyword(keyword)
            if keyword == "stdin", previous == "from", leading.first == "copy" { copiesFromStandardInput = true }
        }
        previous = keyword
    }

    private mutating func meetBlockKeyword(_ keyword: String) {
        switch keyword {
        case "begin" where createsRoutine: openBlocks += 1
        case "case" where openBlocks > 0: openBlocks += 1
        case "end" where openBlocks > 0: openBlocks -= 1
        default: break
        }
    }

    private var createsRoutine: Bool {
        guard leading.first == "create" else { return false }
        let kind = leading.count > 3 && leading[1] == "or" && leading[2] == "replace" ? leading[3] : leading.count > 1 ? leading[1] : ""
        return kind == "function" || kind == "procedure"
    }
}
