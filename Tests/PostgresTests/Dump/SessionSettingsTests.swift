import BackupTestKit
import Testing

@testable import Postgres

@Suite struct SessionSettingsTests {
    /// A census of ten thousand tables takes twelve times as long where joins of catalogs may not read by index.
    @Test func whoReadsCatalogsMayReadThemInAnyWay() async throws {
        try await withDatabase { server, database in
            let session = try await PostgresConnection.open(ConnectionTarget(url: server.url(database: database)), applicationName: "tests")
            let settings = "SELECT current_setting('enable_seqscan'), current_setting('enable_indexscan'), current_setting('bytea_output')"
            try await session.execute("SET bytea_output = 'escape'")
            try await session.pinSettings()
            #expect(try await session.rows(settings) == [["off", "off", "hex"]])
            try await session.pinSettingsForCatalogs()
            #expect(try await session.rows(settings) == [["on", "on", "hex"]])
            await session.close()
        }
    }
}
