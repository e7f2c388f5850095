import DumpFormat

/// What a dump asks of the server it is restored on.
struct RestoreNeeds: Sendable {
    var serverVersion: Int
    var encoding: String
    var roles: Set<String>
    var tablespaces: Set<String>
    var extensions: [DumpIndex.Extension]
    /// An estimate of the restored database's size.
    var bytes: Int64

    /// Of a dump that does not say.
    init() {
        (serverVersion, encoding, roles, tablespaces, extensions, bytes) = (0, "", [], [], [], 0)
    }

    init(index: DumpIndex, scripts: DumpScripts, options: RestoreOptions, appliesProperties: Bool) {
        let filter = StatementFilter(ownership: options.ownership)
        let statements = scripts.preData + scripts.postData
        serverVersion = index.source.serverVersionNumber
        encoding = index.source.encoding
        roles = filter.roles(of: statements)
        if let role = options.ownership.role { roles.insert(role) }
        if appliesProperties, let properties = index.database { roles.formUnion(DatabaseProperties(properties, filter).roles) }
        tablespaces = filter.tablespaces(of: statements)
        extensions = index.extensions
        bytes = Self.bytes(of: index, builds: scripts.postData)
    }

    /// Rows take their text's size and some 28 bytes each (`HeapTupleHeaderData` and a line pointer); an index entry some 20.
    private static func bytes(of index: DumpIndex, builds: [ScriptStatement]) -> Int64 {
        let rowsOfTable = Dictionary(index.tables.map { ($0.key, $0.rows) }) { $0 + $1 }
        let heaps = index.tables.reduce(Int64(0)) { $0 + $1.bytes + 28 * $1.rows }
        let indexes = builds.filter { [.createIndex, .addKey].contains($0.subject.kind) }
            .reduce(Int64(0)) { $0 + 20 * ($1.table.flatMap { rowsOfTable[$0] } ?? 0) }
        return heaps + indexes + (16 << 20)
    }
}
