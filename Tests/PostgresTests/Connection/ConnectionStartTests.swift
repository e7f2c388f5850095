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

    @Test func whatFailedAtSeveralAddressesIsToldOnce() {
        let question = "\tIs the server running on that host and accepting TCP/IP connections?\n"
        func attempt(_ address: String, _ reason: String) -> String {
            "connection to server at \"localhost\" (\(address)), port 5432 failed: \(reason)\n\(question)"
        }
        let twice = attempt("::1", "Connection refused") + attempt("127.0.0.1", "Connection refused")
        #expect(ConnectionStart.once(twice) == "Connection refused (::1, 127.0.0.1)")
        let apart = attempt("::1", "Network is unreachable") + attempt("127.0.0.1", "Connection refused")
        #expect(ConnectionStart.once(apart) == "Network is unreachable (::1); Connection refused (127.0.0.1)")
        let socket = "connection to server on socket \"/run/x/.s.PGSQL.1\" failed: No such file or directory"
        #expect(ConnectionStart.once("\(socket)\n\tIs the server running locally?\n") == socket)
        #expect(
            ConnectionStart.once("could not translate host name \"x\" to address\n") == "could not translate host name \"x\" to address")
    }
}
