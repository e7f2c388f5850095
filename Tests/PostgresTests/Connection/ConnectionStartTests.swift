import Testing

@testable import Postgres

@Suite struct ConnectionStartTests {
    @Test func aVerboseRefusalIsReadInAnyLanguage() throws {
        let english =
            "connection to server at \"127.0.0.1\", port 5432 failed: FATAL:  28P01: password authentication failed for user \"a\"; LOCATION:  auth_failed, auth.c:334"
        let russian = "ВАЖНО:  3D000: база данных \"x\" не существует; ПОЛОЖЕНИЕ:  InitPostgres, postinit.c:883"
        #expect(
            ConnectionStart.refusal(in: english)
                == PostgresError(sqlState: "28P01", message: "password authentication failed for user \"a\""))
        #expect(ConnectionStart.refusal(in: russian)?.sqlState == "3D000")
        #expect(ConnectionStart.refusal(in: "could not translate host name \"x\" to address: Name or service not known") == nil)
    }
}
