/// Why segments are read afresh before the server is even asked, in the words of logs.
enum RereadReason: String, Sendable, CaseIterable {
    // Of the whole dump.
    case untoldBefore = "the dump before does not say enough of its snapshot"
    case untoldNow = "the server does not say enough of this snapshot"
    case otherTool = "another version of this program wrote the dump before"
    case otherContainer = "it is compressed otherwise"
    case otherServer = "the server or its version is another"
    case otherDatabase = "the database is another, or its properties were changed"
    case otherEncoding = "the database's encoding or locale is another"
    case otherSettings = "rows are read with other settings"
    case otherExtensions = "extensions were changed"
    case restarted = "the server was started since"
    case crashed = "the server recovered from a crash since, or its statistics were reset"
    case otherTimeline = "the server is on another timeline"
    case backwards = "the server stands before the snapshot of the dump before"
    case tooFar = "more than 2^30 transactions have passed"

    // Of the script.
    case otherSurroundings = "pg_dump, pg_restore, a setting, a role's name, our role or whether it is a superuser is another"
    case otherCatalogs = "definitions, owners or rights were changed"
    case otherRows = "it has large objects or rows of extensions in it"
    case unknownValues = "it has other values in it than those of the database's sequences"
    case large = "it is too large to be held"

    // Of one table.
    case new = "it was not in the dump before"
    case unsteady = "its text depends on more than its rows"
    case otherDefinition = "its definition, a type of it or its file was changed"
    case otherStep = "it is cut otherwise"
    case small = "it is small"
    case expired = "it is to be read again after so long"
    case later = "it was read at a time that is still to come by the clock of this host"
}
