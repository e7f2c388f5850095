import BackupModel

/// Removes what the whole script made and nobody asked for.
///
/// Running the whole script and taking away again is the only way to be sure of everything a table needs (types, functions,
/// sequences, parents): the server knows its dependencies, the script does not say them. Nothing is removed that anything left needs.
struct SuperfluousRelations: Sendable {
    let connection: PostgresConnection

    /// - Returns: how many were removed.
    func drop(_ relations: [Relations.Relation]) async throws -> Int {
        var left = relations
        while true {
            var needed: [Relations.Relation] = []
            for relation in left where try await !drop(relation) { needed.append(relation) }
            guard needed.count < left.count, !needed.isEmpty else { return relations.count - needed.count }
            left = needed
        }
    }

    /// False when something still depends on it.
    private func drop(_ relation: Relations.Relation) async throws -> Bool {
        do {
            try await connection.execute(Array("DROP \(relation.keyword) IF EXISTS ".utf8) + relation.quoted + Array(" RESTRICT".utf8))
            return true
        } catch let error as BackupError {
            guard let refused = error.cause as? PostgresError, refused.sqlState == Self.dependentObjectsStillExist else { throw error }
            return false
        }
    }

    private static let dependentObjectsStillExist = "2BP01"
}

extension Relations.Relation {
    fileprivate var keyword: String {
        switch kind {
        case "v": "VIEW"
        case "m": "MATERIALIZED VIEW"
        case "f": "FOREIGN TABLE"
        case "S": "SEQUENCE"
        default: "TABLE"
        }
    }
}
