import DumpFormat

/// A statement or a value of the script that somebody has made another.
enum ScriptChange: String, Sendable, CaseIterable {
    case sequenceValue
    case lostSequenceValue
    case largeObject
    case indexedColumn
    case functionBody
    case columnDefault
    case condition

    var part: DumpIndex.ScriptPart.Kind {
        switch self {
        case .sequenceValue, .lostSequenceValue, .largeObject: .data
        case .indexedColumn, .condition: .postData
        case .functionBody, .columnDefault: .preData
        }
    }

    var old: String {
        switch self {
        case .sequenceValue: "'public.notes_id_seq', 1200"
        case .lostSequenceValue: "SELECT pg_catalog.setval('public.calls_id_seq', 2400, true);"
        case .largeObject: "\\x6120766f696365"
        case .indexedColumn: "btree (agent)"
        case .functionBody: "NEW.changed := now()"
        case .columnDefault: "DEFAULT 'none'"
        case .condition: " > 600)"
        }
    }

    var new: String {
        switch self {
        case .sequenceValue: "'public.notes_id_seq', 1100"
        case .lostSequenceValue: ""
        case .largeObject: "\\x6120766f696366"
        case .indexedColumn: "btree (id)"
        case .functionBody: "NEW.changed := NULL"
        case .columnDefault: "DEFAULT 'some'"
        case .condition: " > 601)"
        }
    }
}
