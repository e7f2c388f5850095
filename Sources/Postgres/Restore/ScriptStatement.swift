import DumpFormat

/// One statement of a dump's script, with all it needs to be run on any connection.
struct ScriptStatement: Sendable {
    var offset: Int64
    var text: [UInt8]
    var subject: StatementSubject
    /// What the script had set when it came to this statement.
    var settings: ScriptSettings
    /// The object the statement belongs to, as in "INDEX calls_started_at_idx".
    var object: String
    /// The relation it works on, from its own words or its object's.
    var table: QualifiedName?
    /// Rows that follow a `COPY … FROM stdin`.
    var rows: [UInt8] = []
    var hasRows = false

    /// The text on one line, cut short, for messages.
    var summary: String {
        let line = String(decoding: text, as: UTF8.self).split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return line.count > 120 ? line.prefix(119) + "…" : line
    }
}

/// Splits a part of the script into statements while its text arrives.
struct ScriptStatements: Sendable {
    private var lexer = StatementLexer()
    private var settings: ScriptSettings
    private var entries: ArraySlice<DumpIndex.ScriptEntry>
    private var pending: ScriptStatement?

    /// - Parameter settings: what earlier parts of the script have set.
    init(entries: [DumpIndex.ScriptEntry], settings: ScriptSettings = ScriptSettings()) {
        self.entries = entries[...]
        self.settings = settings
    }

    mutating func append(_ text: some Collection<UInt8>) { lexer.append(text) }

    mutating func finish() { lexer.finish() }

    /// The next statement with its rows; nil when more text is needed, or after `finish` when none is left.
    mutating func next() throws(ScriptError) -> ScriptStatement? {
        while let piece = try lexer.next() {
            switch piece.kind {
            case .blank, .comment: break
            case .statement:
                let statement = statement(from: piece)
                // Rows may follow; the statement is handed over when it is known whether they do.
                if statement.text.isCopyFromStandardInput { pending = statement } else { return statement }
            case .copyRows: pending?.rows += piece.bytes
            case .copyEnd:
                defer { pending = nil }
                pending?.hasRows = true
                if let pending { return pending }
            case .metaCommand:
                guard piece.isRestriction else { throw ScriptError(problem: .metaCommand, offset: piece.offset) }
            }
        }
        return nil
    }

    private mutating func statement(from piece: ScriptPiece) -> ScriptStatement {
        let subject = StatementSubject(of: piece.bytes)
        if subject.kind == .session { settings.apply(piece.bytes) }
        while let entry = entries.first, entry.offset + entry.length <= piece.offset { entries = entries.dropFirst() }
        let object = entries.first.map { $0.name.isEmpty ? "settings" : "\($0.type) \($0.name)" } ?? "statement"
        let table = subject.table ?? entries.first?.table.flatMap { QualifiedName(parsing: $0) }
        return ScriptStatement(
            offset: piece.offset, text: piece.bytes, subject: subject, settings: settings, object: object, table: table)
    }

    /// All statements of a whole text.
    static func all(
        in text: [UInt8], entries: [DumpIndex.ScriptEntry], settings: ScriptSettings = ScriptSettings()
    ) throws(ScriptError) -> [ScriptStatement] {
        var splitter = ScriptStatements(entries: entries, settings: settings)
        splitter.append(text)
        splitter.finish()
        var statements: [ScriptStatement] = []
        while let statement = try splitter.next() { statements.append(statement) }
        return statements
    }
}

extension [UInt8] {
    fileprivate var isCopyFromStandardInput: Bool {
        var reader = TokenReader(SQLTokens(self))
        guard reader.pass("copy"), reader.skip(through: "from") else { return false }
        return reader.isAt("stdin")
    }
}
