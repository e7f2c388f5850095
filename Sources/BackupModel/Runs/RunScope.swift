/// What a backup is of and where it goes: whoever asks for a backup while one of the same scope is taken may as well have that one. Names, no secrets.
package struct RunScope: Sendable, Equatable, Codable {
    /// The server of PostgreSQL; nil where it is not saved.
    package var postgres: String?
    package var databases: [String]
    /// Nil where Redis is not saved.
    package var redis: String?
    package var stores: [String]
    package var format: String
    /// How deep what was written is checked.
    package var verification: String

    package init(postgres: String?, databases: [String], redis: String?, stores: [String], format: String, verification: String) {
        self.postgres = postgres
        self.databases = databases
        self.redis = redis
        self.stores = stores
        self.format = format
        self.verification = verification
    }
}
