import BackupTestKit
import Doctor
import SystemPackage
import Testing

@testable import BackupEngine

@Suite("Which process is the service of an installation", .timeLimit(.minutes(5)))
struct ServiceProcessLookTests {
    /// A program of that name that waits, and has the history of a state folder open.
    private func service(of state: FilePath, in folder: FilePath) -> Command {
        let begin = #"exec 9<"$1/history.sqlite" && exec "$0/backup-service" -c 'read -t 600 <>"$0"' "$0/pipe""#
        return Command("bash", ["-c", begin, folder.string, state.string])
    }

    private func withServices(_ body: (_ folder: FilePath, _ ours: FilePath, _ other: FilePath) async throws -> Void) async throws {
        try await withTemporaryFolder { folder in
            let prepare = #"""
                mkfifo "$0/pipe" && ln -s "$(command -v bash)" "$0/backup-service" && mkdir "$0/ours" "$0/other" &&
                    touch "$0/ours/history.sqlite" "$0/other/history.sqlite"
                """#
            try await Command("bash", ["-c", prepare, folder.string]).output()
            try await body(folder, folder.appending("ours"), folder.appending("other"))
        }
    }

    /// - Parameter folder: shows all processes there are, as far as the look asks.
    private func process(_ state: FilePath, in folder: FilePath) async throws -> ServiceProcess {
        ServiceProcessLook(stateFolder: state.string, view: try await .whole(in: folder)).process
    }

    private func known(_ state: FilePath) -> Int32? {
        if case .known(let id) = ServiceProcessLook(stateFolder: state.string).process { id } else { nil }
    }

    @Test("It is the one that has the databases of the state folder open; others of its name are those of others")
    func own() async throws {
        try await withServices { folder, ours, other in
            _ = try await service(of: other, in: folder).outcome { neighbour in
                while known(other) == nil { await Task.yield() }
                let found = try await process(ours, in: folder)
                #expect(found == .absent)
                _ = try await service(of: ours, in: folder).outcome { service in
                    while known(ours) == nil { await Task.yield() }
                    #expect(known(ours) != known(other))
                    try service.send(.kill)
                }
                let ended = try await process(ours, in: folder)
                #expect(ended == .absent)
                try neighbour.send(.kill)
            }
        }
    }

    @Test("A folder that was put aside is another one, though it stood under the same path")
    func aside() async throws {
        try await withServices { folder, ours, _ in
            _ = try await service(of: ours, in: folder).outcome { service in
                while known(ours) == nil { await Task.yield() }
                let aside = #"mv "$0" "$0.aside" && mkdir "$0" && touch "$0/history.sqlite""#
                try await Command("bash", ["-c", aside, ours.string]).output()
                let found = try await process(ours, in: folder)
                #expect(found == .absent)
                try service.send(.kill)
            }
        }
    }

    @Test("Where not every process is seen none is called absent")
    func unseen() async throws {
        try await withServices { folder, ours, _ in
            var look = ServiceProcessLook(stateFolder: ours.string, view: try await .whole(in: folder))
            #expect(look.process == .absent)
            look.view.folder = folder.appending("nowhere").string
            #expect(look.process == .hidden)
        }
    }

    @Test("Who listens at a port is told by the kernel's list", arguments: [(8085, ["socket:[77]"]), (41, []), (8086, [])])
    func listeners(port: Int, sockets: [String]) {
        let list = """
              sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
               0: 0100007F:1F95 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 77 1 0000000000000000 100 0 0 10 0
               1: 0100007F:1F96 0100007F:1F95 01 00000000:00000000 00:00000000 00000000     0        0 78 1 0000000000000000 20 4 30 10 -1

            """
        #expect(ServiceProcessLook.sockets(listeningAt: port, in: list) == sockets)
    }
}
