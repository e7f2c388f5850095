import BackupTestKit
import DumpFormat
import DumpSamples
import Glibc
import SystemPackage
import Testing

@Suite("Nothing is left of a proof")
struct ProofDeathTests {
    @Test("that went well")
    func success() async throws {
        try await withSample { admin, dump in
            let outcome = try await admin.command("db", "verify-backup", dump.string, "--level", "restore").outcome()
            #expect(outcome.status == 0, "\(outcome)")
            #expect(outcome.output.contains("a server has restored it"), "\(outcome)")
            try await expectNothing(of: admin)
        }
    }

    @Test("that failed")
    func failure() async throws {
        try await withSample(.fails) { admin, dump in
            let outcome = try await admin.command("db", "verify-backup", dump.string, "--level", "restore").outcome()
            #expect(outcome.status == 3, "\(outcome)")
            #expect(outcome.output.contains("not on this server"))
            try await expectNothing(of: admin)
        }
    }

    @Test("that was ended in the middle", arguments: RunningCommand.Signal.allCases)
    func ended(signal: RunningCommand.Signal) async throws {
        try await withSample(.standsStill) { admin, dump in
            let outcome = try await admin.command("db", "verify-backup", dump.string, "--level", "restore").outcome { program in
                try await admin.scratch.awaitServer(busyWith: "CREATE INDEX")
                try program.send(signal)
            }
            #expect(outcome.status == 128 + signal.number, "\(outcome)")
            // Killed outright it leaves that to the scratch server's supervisor.
            if signal == .kill { try await admin.scratch.awaitNothing() }
            try await expectNothing(of: admin)
        }
    }

    @Test("that was killed with the scratch server's supervisor, after the next one, which says so")
    func supervisorKilled() async throws {
        try await withSample(.standsStill) { admin, dump in
            let outcome = try await admin.command("db", "verify-backup", dump.string, "--level", "restore").outcome { program in
                try await admin.scratch.awaitServer(busyWith: "CREATE INDEX")
                let supervisor = try await admin.scratch.shell("ps -o ppid= -p $(cut -d' ' -f1 \"$FOLDER\"/*/process)")
                kill(try #require(pid_t(supervisor.joined().filter(\.isNumber))), SIGKILL)
                try program.send(.kill)
            }
            #expect(outcome.status == 137)
            try await admin.scratch.awaitNoProcess()
            let left = try await admin.scratch.folders()
            #expect(left.count == 1)
            let whole = try await ProofSample.shared.dump().write().write(to: admin.folder.appending("whole.sql.gz"))
            let next = try await admin.command("db", "verify-backup", whole.string, "--level", "restore").outcome()
            #expect(next.status == 0, "\(next)")
            #expect(next.errors.contains("removed \(admin.scratch.path)/\(left.first ?? "?")"), "\(next.errors)")
            try await expectNothing(of: admin)
        }
    }

    @Test("but what --keep-scratch keeps of a failed one: the printed commands start it, look into it and remove it")
    func kept() async throws {
        try await withSample(
            .harmless, { _ = $0.removeEntry(.postData) { $0.name == "calls_by_note" } },
            { admin, dump in
                let outcome = try await admin.command("db", "verify-backup", dump.string, "--level", "restore", "--keep-scratch").outcome()
                #expect(outcome.status == 3, "\(outcome)")
                try await admin.scratch.awaitNoProcess()
                let found = try #require(
                    outcome.output.firstMatch(of: /kept for a look: (.*); start it: (.*); look: (.*); remove it: (.*)\n/))
                #expect(found.1.hasPrefix("\(admin.scratch.path)/"))
                let look = """
                    export PATH='\(admin.server.program(""))':$PATH; cd /; \(found.2) >/dev/null 2>&1 & server=$!
                    trap 'kill -INT $server; wait' EXIT
                    until databases=$(\(found.3) -Atqc 'SELECT datname FROM pg_database' 2>/dev/null); do sleep 0.05; done
                    echo "$databases" | grep -x proof && \(found.3.replacing("-d postgres", with: "-d proof")) -Atqc 'SELECT count(*) FROM calls'
                    """
                let rows = try await admin.scratch.shell(look)
                #expect(rows == ["proof", "1000"])
                try await Command("bash", ["-c", String(found.4)]).output()
                try await expectNothing(of: admin)
            })
    }

    private func expectNothing(of admin: AdminProgram) async throws {
        let folders = try await admin.scratch.folders()
        #expect(folders == [])
        let processes = try await admin.scratch.processes()
        #expect(processes == [])
    }
}

@Suite("A proof's server")
struct ProofIsolationTests {
    @Test("cannot be reached over a network, and does not run as root")
    func isolation() async throws {
        try await withSample(.standsStill) { admin, dump in
            let outcome = try await admin.command("db", "verify-backup", dump.string, "--level", "restore").outcome { program in
                try await admin.scratch.awaitServer(busyWith: "CREATE INDEX")
                let servers = try await admin.scratch.servers()
                #expect(servers.count > 3)
                let owners = try await admin.scratch.shell("stat -c %u \(servers.map { "/proc/\($0)" }.joined(separator: " ")) | sort -u")
                #expect(owners.count == 1)
                #expect(!owners.contains("0"))
                let listening = try await admin.scratch.shell(Self.listening(servers))
                #expect(listening.count == 1)
                #expect(listening.allSatisfy { $0.hasPrefix("\(admin.scratch.path)/") && $0.hasSuffix("/server/.s.PGSQL.5432") })
                try program.send(.terminate)
            }
            #expect(outcome.status == 143, "\(outcome)")
        }
    }

    /// Every socket of the processes: `tcp` and the like for one of a network, the path for one in the file system that listens.
    private static func listening(_ processes: [String]) -> String {
        """
        for p in \(processes.joined(separator: " ")); do
            for inode in $(ls -l /proc/$p/fd 2>/dev/null | sed -n 's/.*socket:.\\([0-9]*\\).*/\\1/p'); do
                for table in tcp tcp6 udp udp6; do awk -v i="$inode" -v t=$table '$10 == i { print t }' /proc/$p/net/$table; done
                awk -v i="$inode" '$7 == i && $8 { print $8 }' /proc/$p/net/unix
            done
        done 2>/dev/null | sort -u
        """
    }
}
