/// Where a dump is brought back to. Whatever is there already stays, under one name or another.
package enum RestoreDestination: Sendable, Equatable {
    /// A database that does not exist yet.
    case new(String)
    /// A database that does not exist yet, or holds nothing.
    case into(String)
    /// The place of a database: restored beside it, checked, and swapped in by name.
    case replacing(String, names: DatabaseNames, terminatesSessions: Bool)

    /// The database the dump can be found in afterwards.
    package var database: String {
        switch self {
        case .new(let name), .into(let name), .replacing(let name, _, _): name
        }
    }

    /// The database that is filled.
    var filled: String {
        if case .replacing(_, let names, _) = self { return names.ready }
        return database
    }
}
