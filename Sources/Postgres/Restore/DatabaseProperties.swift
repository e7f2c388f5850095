import BackupModel
import DumpFormat

/// Gives a restored database what belongs to the database itself: its owner, settings, rights and comment.
struct DatabaseProperties: Sendable {
    private let properties: DumpIndex.DatabaseProperties
    private let filter: StatementFilter

    init(_ properties: DumpIndex.DatabaseProperties, _ filter: StatementFilter) {
        self.properties = properties
        self.filter = filter
    }

    var roles: Set<String> {
        let named = statements(for: "database").flatMap { StatementRoles(of: Array($0.utf8))?.roles ?? [] }
        return Set(named).union(filter.ownership.skipsOwners ? [] : [properties.owner])
    }

    func apply(to database: String, over connection: PostgresConnection) async throws {
        for statement in statements(for: database) {
            do {
                try await connection.execute(statement)
            } catch {
                throw RestoreFailure(while: "setting the database's own properties: \(statement)", error).error
            }
        }
    }

    func statements(for database: String) -> [String] {
        let name = SQL.identifier(database)
        let owner = filter.ownership.skipsOwners ? [] : ["ALTER DATABASE \(name) OWNER TO \(SQL.identifier(properties.owner))"]
        let others = properties.statements.map { $0.replacing(":database", with: name, maxReplacements: 1) }
        return owner + others.filter { filter.keeps(aspect: StatementRoles(of: Array($0.utf8))?.aspect) }
    }
}
