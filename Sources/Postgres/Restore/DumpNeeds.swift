import BackupModel
package import DumpFormat

/// What a dump asks of a server, and what of it a server lacks: known before anything is made.
package struct DumpNeeds: Sendable, Equatable {
    package struct Locale: Sendable, Hashable {
        /// As `pg_database.datlocprovider`: "c", "i" or "b".
        package var provider: String
        package var name: String
    }

    /// As `server_version_num`.
    package var serverVersion: Int
    package var encoding: String
    package var extensions: [DumpIndex.Extension]
    /// Those of the database, and those of collations that the script makes.
    package var locales: Set<Locale>
    /// Collations of the system's own that columns, indexes and the like are sorted by.
    package var collations: Set<String>
    package var roles: Set<String>
    package var tablespaces: Set<String>
    /// An estimate of the restored database's size.
    package var bytes: Int64

    /// Reads the script's parts, not the rows.
    package static func read(from reader: DumpReader, options: RestoreOptions = RestoreOptions()) async throws -> DumpNeeds {
        let scripts = try await DumpScripts.read(from: reader)
        let index = SampledIndex(reader.index, options.sample).index
        let needs = RestoreNeeds(index: index, scripts: scripts, options: options, appliesProperties: true)
        let statements = scripts.preData + scripts.postData
        return DumpNeeds(
            serverVersion: needs.serverVersion, encoding: needs.encoding, extensions: needs.extensions,
            locales: index.source.locales.union(statements.compactMap { Locale(collation: $0.text) }),
            collations: Set(statements.flatMap { $0.text.systemCollations }), roles: needs.roles, tablespaces: needs.tablespaces,
            bytes: needs.bytes)
    }

    /// What a server lacks, each completing "cannot be restored here: …"; empty when everything is there.
    /// - Parameter connection: a session that may make collations, which are taken back at once.
    package func unmet(over connection: PostgresConnection) async throws -> [String] {
        let facts = try await ServerFacts.read(over: connection)
        var unmet: [String] = []
        for needed in extensions where facts.extensions[needed.name] == nil {
            unmet.append("the extension \(needed.name) \(needed.version) is not installed on this host")
        }
        for locale in locales.sorted(by: { ($0.provider, $0.name) < ($1.provider, $1.name) }) {
            if try await !locale.isKnown(over: connection) { unmet.append("the locale \(locale) is not installed on this host") }
        }
        let known = Set(try await connection.rows("SELECT DISTINCT collname FROM pg_catalog.pg_collation").compactMap { $0[0] })
        unmet += collations.subtracting(known).sorted().map { "the collation \($0) is not installed on this host" }
        unmet += roles.subtracting(facts.roles).sorted().map { "the role \($0) is not there" }
        unmet += tablespaces.subtracting(facts.tablespaces).sorted().map { "the tablespace \($0) is not there" }
        return unmet
    }
}

extension DumpNeeds.Locale: CustomStringConvertible {
    package var description: String {
        switch provider {
        case "i": "\(name) of ICU"
        case "b": "\(name) of the server's own"
        default: name
        }
    }

    /// `CREATE COLLATION x (provider = icu, …, locale = 'y')`, as pg_dump writes it; nil for anything else.
    fileprivate init?(collation statement: [UInt8]) {
        var reader = TokenReader(SQLTokens(statement))
        guard reader.pass("create", "collation"), reader.qualifiedName() != nil else { return nil }
        var settings: [String: String] = [:]
        while let token = reader.current {
            reader.advance()
            guard case .word(let key) = token, reader.current == .symbol(UInt8(ascii: "=")) else { continue }
            reader.advance()
            switch reader.current {
            case .word(let value)?, .literal(let value)?: settings[key] = value
            default: break
            }
        }
        guard let name = settings["locale"] ?? settings["lc_collate"] else { return nil }
        let providers = ["icu": "i", "builtin": "b"]
        self.init(provider: settings["provider"].flatMap { providers[$0] } ?? "c", name: name)
    }

    /// The server is asked to make a collation of it. That this database has another encoding is no reason against a locale.
    fileprivate func isKnown(over connection: PostgresConnection) async throws -> Bool {
        guard provider != "b", !["C", "POSIX"].contains(name) else { return true }
        let source = provider == "i" ? "icu" : "libc"
        let settings = "SET LOCAL client_min_messages = error; SET LOCAL lc_messages = 'C'"
        do {
            try await connection.execute(
                "BEGIN; \(settings); CREATE COLLATION pg_temp.tried (provider = \(source), locale = \(SQL.literal(name)))")
            try await connection.execute("ROLLBACK")
            return true
        } catch let error as BackupError {
            guard let refusal = error.cause as? PostgresError, refusal.sqlState != nil else { throw error }
            try await connection.execute("ROLLBACK")
            return provider == "c" && !refusal.message.contains("could not create locale")
        }
    }
}

extension DumpIndex.Source {
    fileprivate var locales: Set<DumpNeeds.Locale> {
        let system = [collation, characterType].map { DumpNeeds.Locale(provider: "c", name: $0) }
        let own = localeProvider == "c" ? nil : locale.map { DumpNeeds.Locale(provider: localeProvider, name: $0) }
        return Set(system + [own].compactMap { $0 })
    }
}

extension [UInt8] {
    /// The collations of `pg_catalog` that a statement sorts by, apart from those every server has.
    fileprivate var systemCollations: [String] {
        var reader = TokenReader(SQLTokens(self))
        var found: [String] = []
        while let token = reader.current {
            reader.advance()
            guard token == .word("collate"), let parts = reader.nameParts(), parts.first == "pg_catalog", let name = parts.last else {
                continue
            }
            if !["default", "C", "POSIX"].contains(name) { found.append(name) }
        }
        return found
    }
}
