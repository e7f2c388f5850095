extension StatementLexer {
    mutating func scanCopyLineEnd() throws(ScriptError) -> ScriptPiece? {
        guard let newline = text[start...].firstIndex(of: SQLByte.newline) else {
            if isWhole { throw problem(.unterminatedCopy, at: start) }
            return nil
        }
        guard text[start..<newline].allSatisfy(SQLByte.isSpace) else { throw problem(.textAfterCopy, at: start) }
        place = .copyRows
        isAtLineStart = true
        return take(.blank, upTo: newline + 1)
    }

    mutating func scanCopyRows() throws(ScriptError) -> ScriptPiece? {
        while cursor < text.count {
            if isAtLineStart {
                guard let end = copyTerminatorEnd() else { break }
                if end > cursor {
                    if cursor > start { return take(.copyRows, upTo: cursor) }
                    place = .between
                    return take(.copyEnd, upTo: end)
                }
            }
            let newline = text[cursor...].firstIndex(of: SQLByte.newline)
            isAtLineStart = newline != nil
            cursor = newline.map { $0 + 1 } ?? text.count
        }
        if cursor > start { return take(.copyRows, upTo: cursor) }
        if isWhole { throw problem(.unterminatedCopy, at: start) }
        return nil
    }

    /// Where the line `\.` that begins at the cursor ends; the cursor itself when another line begins there; nil when that cannot be told yet.
    private func copyTerminatorEnd() -> Int? {
        let line = text[cursor...].prefix(4)
        for ending in ["\\.\n", "\\.\r\n"] where line.starts(with: ending.utf8) { return cursor + ending.utf8.count }
        let isWholeTerminator = isWhole && (line.elementsEqual("\\.".utf8) || line.elementsEqual("\\.\r".utf8))
        if isWholeTerminator { return text.count }
        let isUndecided = "\\.\r\n".utf8.starts(with: line) && !isWhole
        return isUndecided ? nil : cursor
    }
}
