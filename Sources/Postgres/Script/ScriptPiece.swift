/// One stretch of an SQL script. The pieces of a script, put one after another, are the script byte for byte.
package struct ScriptPiece: Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
        /// White space between statements.
        case blank
        /// One `--` line with its newline, or one block comment, between statements.
        case comment
        /// One statement with its semicolon; the last one of a script may lack it, as psql allows.
        case statement
        /// Rows of a `COPY … FROM stdin`, cut anywhere.
        case copyRows
        /// The line `\.` that ends the rows.
        case copyEnd
        /// A line that begins with a backslash between statements: an instruction to psql, not to the server.
        case metaCommand
    }

    package var kind: Kind
    /// Bytes from the beginning of the script.
    package var offset: Int64
    package var bytes: [UInt8]

    package init(kind: Kind, offset: Int64, bytes: [UInt8]) {
        self.kind = kind
        self.offset = offset
        self.bytes = bytes
    }
}
