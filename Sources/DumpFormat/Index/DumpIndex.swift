/// The document at the end of a dump: what the dump is of, and where everything lies in it. Its JSON keys are the property names.
package struct DumpIndex: Sendable, Codable, Equatable {
    package static let currentFormatVersion = 1

    package var formatVersion: Int = currentFormatVersion
    /// Name and version of the program that wrote the dump.
    package var tool: String
    package var source: Source
    /// The settings pinned in every session that read rows, by name.
    package var session: [String: String]
    package var extensions: [Extension]
    /// A digest of every type and table definition, hex.
    package var definitionsDigest: String
    package var database: DatabaseProperties?
    /// What the snapshot held, counted in the server's catalogs; nil in dumps of versions that did not count.
    package var census: Census?
    /// What a later dump holds its own snapshot against before it takes anything over; nil where nothing may be.
    package var ground: Ground?
    /// The same for the script; nil where it is to be asked of pg_dump again.
    package var schemaGround: SchemaGround?
    /// In the order of the file.
    package var tables: [Table]
    package var scripts: [ScriptPart]

    package init(
        tool: String, source: Source, session: [String: String] = [:], extensions: [Extension] = [], definitionsDigest: String = "",
        database: DatabaseProperties? = nil, census: Census? = nil, ground: Ground? = nil, tables: [Table] = [],
        scripts: [ScriptPart] = []
    ) {
        self.tool = tool
        self.source = source
        self.session = session
        self.extensions = extensions
        self.definitionsDigest = definitionsDigest
        self.database = database
        self.census = census
        self.ground = ground
        self.tables = tables
        self.scripts = scripts
    }
}

extension DumpIndex {
    package struct Extension: Sendable, Codable, Equatable {
        package var name: String
        package var version: String
        package var schema: String

        package init(name: String, version: String, schema: String) {
            self.name = name
            self.version = version
            self.schema = schema
        }
    }

    /// What belongs to the database itself and not to what is in it; applied on request.
    package struct DatabaseProperties: Sendable, Codable, Equatable {
        package var owner: String
        /// ALTER DATABASE, GRANT and COMMENT statements with `:database` in place of the quoted name.
        package var statements: [String]

        package init(owner: String, statements: [String]) {
            self.owner = owner
            self.statements = statements
        }
    }
}
