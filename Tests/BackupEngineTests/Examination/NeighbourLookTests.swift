import BackupTestKit
import Doctor
import Postgres
import SystemPackage
import Testing

@testable import BackupEngine

@Suite("Other servers of PostgreSQL on this machine")
struct NeighbourLookTests {
    @Test("One that answers is found by its port, and by its socket where it is in a folder of sockets; nobody logs in for it")
    func found() async throws {
        try await withPostgres(PostgresBlueprint(password: "right")) { server in
            let nowhere = Surroundings.Place(host: "localhost", port: 1)
            var look = NeighbourLook(place: nowhere, sockets: [], ports: server.port...server.port)
            #expect(look.look() == [.init(host: "localhost", port: server.port)])
            look = NeighbourLook(place: nowhere, sockets: [server.folder.string], ports: 1...1)
            #expect(look.look() == [.init(host: server.folder.string, port: server.port)])
            // That which was asked already is no other one.
            look = NeighbourLook(place: .init(host: "localhost", port: server.port), sockets: [], ports: server.port...server.port)
            #expect(look.look().isEmpty)
        }
    }

    @Test("Where nobody listens there is none, and other machines are not looked at")
    func none() throws {
        let port = try FreePort.any()
        #expect(!ServerPing.answers(host: "127.0.0.1", port: port))
        let look = NeighbourLook(place: .init(host: "localhost", port: 1), sockets: ["/no/such/folder"], ports: port...port)
        #expect(look.look().isEmpty)
        #expect(NeighbourLook(place: .init(host: "db.example.org", port: 5432)).look().isEmpty)
    }
}
