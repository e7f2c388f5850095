/// Where a dump was brought back to, and what of it can be said.
package struct RestoredDatabase: Sendable, Codable, Equatable {
    package var database: String
    /// What the database is called now that was there before; nil where none was replaced.
    package var keptAs: String?
    /// Nil for dumps of other programs, which say nothing of their rows.
    package var contents: RestoredContents?
}
