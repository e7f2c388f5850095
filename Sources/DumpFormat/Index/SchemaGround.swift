extension DumpIndex {
    /// What has to be the same at a later snapshot for this dump's script to be that one's, beside `ground`; `docs/format.md` says why.
    package struct SchemaGround: Sendable, Codable, Equatable {
        /// pg_dump and pg_restore, in the words they say their versions in.
        package var program: String
        /// A digest of what its text depends on and no catalog tells: settings, the role and whether it is a superuser, the roles' names.
        package var surroundings: String
        /// How many rows the snapshot saw in each catalog, by the catalog's name.
        package var catalogs: [String: Int64]

        package init(program: String, surroundings: String, catalogs: [String: Int64]) {
            self.program = program
            self.surroundings = surroundings
            self.catalogs = catalogs
        }
    }
}
