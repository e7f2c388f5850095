import BackupTestKit
import Glibc
import SystemPackage
import Testing

@testable import ScratchServers

@Suite("Orphaned scratch servers")
struct ScratchOrphansTests {
    @Test("are ended and removed, and named")
    func orphan() async throws {
        try await withSleepers { sleepers in
            let orphan = try await makeOrphan(in: sleepers)
            let process = try await startServer(of: orphan, in: orphan + "/server")
            let removed = await ScratchOrphans.remove(in: sleepers.folder.string)
            #expect(removed == [ScratchOrphan(folder: orphan, hadServer: true)])
            #expect(removed.map(\.description) == ["\(orphan), which a killed run left with its server"])
            #expect(!isRunning(process))
            let left = try await sleepers.entries()
            #expect(left.isEmpty)
        }
    }

    @Test("are removed without touching a process that only has the number of their server")
    func otherProcess() async throws {
        try await withSleepers { sleepers in
            let orphan = try await makeOrphan(in: sleepers)
            let process = try await startServer(of: orphan, in: "/")
            let removed = await ScratchOrphans.remove(in: sleepers.folder.string)
            #expect(removed == [ScratchOrphan(folder: orphan, hadServer: false)])
            #expect(isRunning(process))
            kill(process, SIGKILL)
        }
    }

    @Test("are not confused with a server that is in use")
    func inUse() async throws {
        try await withSleepers { sleepers in
            try await withScratchServer(in: sleepers.place, { _ in Sleepers.program }) { server in
                let removed = await ScratchOrphans.remove(in: sleepers.folder.string)
                #expect(removed.isEmpty)
                #expect(server.isAlive)
            }
        }
    }

    @Test(
        "are not confused with what is kept, in the making, a stranger's, open to others or a symlink",
        arguments: [
            "touch kept", "rm lock", "chown 1234 .", "chmod 777 .", "mv $PWD ../other; ln -s ../other $PWD",
            "rm lock; ln -s /etc/passwd lock",
        ])
    func left(change: String) async throws {
        guard geteuid() == 0 || !change.contains("chown") else { return }
        try await withSleepers { sleepers in
            let orphan = try await makeOrphan(in: sleepers)
            try await Command("bash", ["-ec", "cd '\(orphan)'; \(change)"]).output()
            let removed = await ScratchOrphans.remove(in: sleepers.folder.string)
            #expect(removed.isEmpty)
            let entries = try await sleepers.entries()
            #expect(!entries.isEmpty)
        }
    }

    @Test("do not lead us out of their folder")
    func symlinkWithin() async throws {
        try await withTemporaryFolder { other in
            try await withSleepers { sleepers in
                let orphan = try await makeOrphan(in: sleepers)
                try await Command("bash", ["-ec", "cd '\(orphan)'; touch '\(other)/file'; rmdir server; ln -s '\(other)' server"]).output()
                let process = try await startServer(of: orphan, in: other.string)
                let removed = await ScratchOrphans.remove(in: sleepers.folder.string)
                #expect(removed == [ScratchOrphan(folder: orphan, hadServer: false)])
                #expect(isRunning(process))
                kill(process, SIGKILL)
                #expect(access("\(other)/file", F_OK) == 0)
            }
        }
    }

    /// What a killed run and its killed supervisor leave behind.
    private func makeOrphan(in sleepers: Sleepers) async throws -> String {
        let orphan = sleepers.folder.appending(ScratchFolder.prefix + "orphan").string
        let account = try ScratchAccount.choose("nobody")
        try await Command(
            "bash",
            [
                "-ec", "mkdir -m 700 '\(orphan)'; cd '\(orphan)'; touch lock log; mkdir -m 700 server; chown \(account.user) server",
            ]
        ).output()
        return orphan
    }

    private func startServer(of orphan: String, in folder: String) async throws -> pid_t {
        let account = try ScratchAccount.choose("nobody")
        let own = try #require(ScratchTools.handOver(to: account, endSignal: nil)).joined(separator: " ")
        let script = "cd '\(folder)'; \(own) sleep 1000 </dev/null >/dev/null 2>&1 & echo \"$! TERM\" >'\(orphan)/process'; echo $!"
        let text = try await Command("bash", ["-c", script]).output()
        let process = try #require(pid_t(text.filter(\.isNumber)))
        try await awaitCondition("[[ $(readlink /proc/\(process)/exe) == */sleep ]]")
        return process
    }
}
