extension DumpIndex {
    /// A piece of SQL script: everything of the dump that is not rows of tables.
    package struct ScriptPart: Sendable, Codable, Equatable {
        package var kind: Kind
        package var offset: Int64
        package var compressedBytes: Int64
        package var plainBytes: Int64
        package var members: Int
        /// XXH3-128 of the compressed bytes, hex.
        package var checksum: String
        package var entries: [ScriptEntry]
        /// The instant of the snapshot it was read in, ISO 8601, where it was taken over from an earlier dump; nil: this dump's own.
        package var readAt: String?

        /// In the order of the file; the tables' segments stand between `preData` and `data`.
        package enum Kind: String, Sendable, Codable, CaseIterable {
            case preData
            /// Sequence values, large objects and the like.
            case data
            case postData
        }

        package init(kind: Kind, offset: Int64, summary: ScriptSummary, entries: [ScriptEntry] = [], readAt: String? = nil) {
            self.kind = kind
            self.offset = offset
            compressedBytes = summary.compressedBytes
            plainBytes = summary.plainBytes
            members = summary.members
            checksum = summary.checksum
            self.entries = entries
            self.readAt = readAt
        }
    }

    /// One object of a script part and the place of its statements.
    package struct ScriptEntry: Sendable, Codable, Equatable {
        /// As in pg_dump's comment header: "INDEX", "FK CONSTRAINT", …
        package var type: String
        package var schema: String?
        package var name: String
        /// Bytes into the part's text.
        package var offset: Int64
        package var length: Int64
        /// The table the statements work on, qualified and quoted.
        package var table: String?
        /// The table a foreign key refers to, qualified and quoted.
        package var references: String?

        package init(
            type: String, schema: String? = nil, name: String, offset: Int64, length: Int64, table: String? = nil, references: String? = nil
        ) {
            self.type = type
            self.schema = schema
            self.name = name
            self.offset = offset
            self.length = length
            self.table = table
            self.references = references
        }
    }
}
