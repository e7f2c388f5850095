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

    /// What the database is called while it is filled: nobody takes half a database for a whole one, even when the machine dies meanwhile.
    /// One that stood empty already keeps its name.
    var workingName: String {
        if case .replacing(_, let names, _) = self { return names.ready }
        return DatabaseNames.incomplete(database)
    }
}
