/// Why a text cannot be split into statements.
package struct ScriptError: Error, Equatable {
    package enum Problem: String, Sendable {
        case unterminatedString = "a quoted string is not closed"
        case unterminatedIdentifier = "a quoted identifier is not closed"
        case unterminatedDollarQuote = "a dollar-quoted string is not closed"
        case unterminatedComment = "a comment is not closed"
        case unterminatedCopy = "the rows of a COPY are not ended by \\."
        case textAfterCopy = "text follows COPY … FROM stdin on its line"
        case metaCommand = "psql meta-command in script"
    }

    package var problem: Problem
    /// Bytes from the beginning of the script.
    package var offset: Int64
}

extension ScriptError: CustomStringConvertible {
    package var description: String { "\(problem.rawValue) (at byte \(offset) of the script)" }
}
