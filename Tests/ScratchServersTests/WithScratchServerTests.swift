import BackupModel
import BackupTestKit
import Glibc
import SystemPackage
import Testing

@testable import ScratchServers

@Suite("A scratch server")
struct WithScratchServerTests {
    private struct Stop: Error {}

    @Test("is gone with its folder after a return and after an error")
    func nothingLeft() async throws {
        try await withSleepers { sleepers in
            let process = try await withScratchServer(in: sleepers.place, { _ in Sleepers.program }) { server in
                #expect(server.isAlive)
                return server.process
            }
            #expect(!isRunning(process))
            await #expect(throws: Stop.self) {
                try await withScratchServer(in: sleepers.place, { _ in Sleepers.program }) { _ in throw Stop() }
            }
            let left = try await sleepers.entries()
            #expect(left.isEmpty)
        }
    }

    @Test("is gone with its folder after a cancellation", arguments: [false, true])
    func cancelled(inPreparation: Bool) async throws {
        try await withSleepers { sleepers in
            let program =
                inPreparation ? Sleepers.shell("sleep 1000", preparation: ["/bin/sleep", "1000"]) : Sleepers.program
            let run = Task {
                try await withScratchServer(in: sleepers.place, { _ in program }) { _ in try await Task.sleep(for: .seconds(600)) }
            }
            try await awaitCondition("grep -q . '\(sleepers.folder)'/*/process 2>/dev/null")
            run.cancel()
            await #expect(throws: CancellationError.self) { try await run.value }
            let left = try await sleepers.entries()
            #expect(left.isEmpty)
        }
    }

    @Test("runs as an account without privileges, behind everybody else, without network and without our environment")
    func bounds() async throws {
        try await withSleepers { sleepers in
            try await withScratchServer(in: sleepers.place, { _ in Sleepers.program }) { server in
                let proc = "/proc/\(server.process)"
                try await awaitCondition("[[ $(readlink \(proc)/exe) == */sleep ]]")
                let status = try await Command("cat", ["\(proc)/status"]).output()
                #expect(status.contains("NoNewPrivs:\t1"))
                let adjustment = try await Command("cat", ["\(proc)/oom_score_adj"]).output()
                #expect(adjustment == "800\n")
                let niceness = try await Command("ps", ["-o", "ni=", "-p", "\(server.process)"]).output()
                #expect(niceness.filter { !$0.isWhitespace } == "10")
                let priority = try await Command("ionice", ["-p", "\(server.process)"]).output()
                #expect(priority == "idle\n")
                let environment = try await Command("bash", ["-c", "tr '\\0' '\\n' <\(proc)/environ"]).output()
                let names = Set(environment.split(separator: "\n").compactMap { $0.split(separator: "=").first.map(String.init) })
                #expect(names.isSubset(of: ["PATH", "LC_ALL", "TZ", "PWD", "SHLVL", "_", "OLDPWD"]))
                #expect(ScratchProcess(identifier: server.process).workingFolder == server.folder.home)
                guard geteuid() == 0 else { return }
                #expect(try ScratchProcess(identifier: server.process).user == ScratchAccount.choose("nobody").user)
                #expect(status.contains("Groups:\t \n"))
                guard await !ScratchTools.isolation().isEmpty else { return }
                let interfaces = try await Command("cat", ["\(proc)/net/dev"]).output()
                #expect(interfaces.split(separator: "\n").filter { $0.contains(":") }.allSatisfy { $0.contains(" lo:") })
            }
        }
    }

    @Test("lets nobody in, and can change nothing of ours")
    func permissions() async throws {
        try await withSleepers { sleepers in
            var program = Sleepers.shell(
                "cat ../secret >read; ls .. >/dev/null 2>&1 || touch closed; echo x >../secret; rm ../lock; touch done; sleep 1000",
                preparation: ["/bin/bash", "-c", "cat ../password >known"])
            program.files = ["secret": "for the server", "password": "for the preparation"]
            program.passing = ["password"]
            try await withScratchServer(in: sleepers.place, { _ in program }) { server in
                let home = server.folder.home
                try await awaitCondition("[[ -e \(home)/done ]]")
                let read = try await Command("cat", ["\(home)/read", "\(home)/known"]).output()
                #expect(read == "for the serverfor the preparation")
                let modes = try await Command("stat", ["-c", "%a", server.folder.path, home]).output()
                #expect(modes == (geteuid() == 0 ? "710\n700\n" : "700\n700\n"))
                #expect(access("\(server.folder.path)/password", F_OK) != 0)
                guard geteuid() == 0 else { return }
                #expect(SystemFiles.text(of: "\(server.folder.path)/secret") == "for the server")
                #expect(access(server.folder.lock, F_OK) == 0)
                #expect(access("\(home)/closed", F_OK) == 0)
            }
        }
    }

    @Test("that ends in the middle says so with the end of its log")
    func death() async throws {
        try await withSleepers { sleepers in
            let broken = BackupError(.sourceUnreachable, "the connection broke")
            let error = await #expect(throws: BackupError.self) {
                try await withScratchServer(in: sleepers.place, { _ in Sleepers.shell("echo out of luck; exit 3") }) { _ in throw broken }
            }
            #expect(error?.message.contains("ended in the middle: out of luck") == true)
        }
    }

    @Test("that cannot be prepared says so with the end of its log, and leaves nothing")
    func unprepared() async throws {
        try await withSleepers { sleepers in
            let program = Sleepers.shell("sleep 1000", preparation: ["/bin/bash", "-c", "echo no luck; exit 1"])
            let error = await #expect(throws: BackupError.self) {
                try await withScratchServer(in: sleepers.place, { _ in program }) { _ in Issue.record("it runs") }
            }
            #expect(error?.message.contains("no luck") == true)
            let left = try await sleepers.entries()
            #expect(left.isEmpty)
        }
    }

    @Test("takes what it has started with it")
    func escaped() async throws {
        guard await !ScratchTools.isolation().isEmpty else { try Test.cancel("this takes namespaces of its own") }
        try await withSleepers { sleepers in
            let program = Sleepers.shell("cd /; setsid sleep 1000 & echo $! >\"$OLDPWD/new\"; mv \"$OLDPWD/new\" \"$OLDPWD/escaped\"; wait")
            let escaped = try await withScratchServer(in: sleepers.place, { _ in program }) { server in
                try await awaitCondition("[[ -s \(server.folder.home)/escaped ]]")
                let text = try await Command("cat", ["\(server.folder.home)/escaped"]).output()
                return try #require(pid_t(text.filter(\.isNumber)))
            }
            try await awaitCondition("! [[ -e /proc/\(escaped) ]]")
            #expect(!isRunning(escaped))
        }
    }

    @Test("does not outlive its supervisor, and we remove what that left")
    func supervisorKilled() async throws {
        try await withSleepers { sleepers in
            let process = try await withScratchServer(in: sleepers.place, { _ in Sleepers.program }) { server in
                try await awaitCondition("[[ $(readlink /proc/\(server.process)/exe) == */sleep ]]")
                try await Command("bash", ["-c", "kill -9 $(ps -o ppid= -p \(server.process))"]).output()
                try await server.awaitEnd(limit: .seconds(30))
                #expect(!server.isAlive)
                return server.process
            }
            #expect(!isRunning(process))
            let left = try await sleepers.entries()
            #expect(left.isEmpty)
        }
    }

    @Test("that is to be kept ends, and its folder stays", arguments: [false, true])
    func kept(afterError: Bool) async throws {
        try await withSleepers { sleepers in
            var found: (kept: ScratchKept, process: pid_t)?
            do {
                try await withScratchServer(in: sleepers.place, { _ in Sleepers.program }) { server in
                    found = (try server.keep(), server.process)
                    if afterError { throw Stop() }
                }
                #expect(!afterError)
            } catch is Stop {
                #expect(afterError)
            }
            let (kept, process) = try #require(found)
            #expect(!isRunning(process))
            let removed = await ScratchOrphans.remove(in: sleepers.folder.string)
            #expect(removed.isEmpty)
            #expect(access(kept.folder + "/server", F_OK) == 0)
            #expect(kept.start.hasSuffix("--no-new-privs /bin/sleep 1000"))
            try await Command("bash", ["-c", "timeout 0.1 \(kept.start); [[ $? == 124 ]] && \(kept.removal)"]).output()
            let left = try await sleepers.entries()
            #expect(left.isEmpty)
        }
    }

    @Test("is not begun where space is short")
    func space() async throws {
        try await SmallFilesystem.with(mebibytes: 4) { folder in
            let place = ScratchPlace(folder: folder.string)
            let error = await #expect(throws: ScratchUnavailable.self) {
                try await withScratchServer(in: place, needing: 5 << 20, { _ in Sleepers.program }) { _ in Issue.record("it runs") }
            }
            #expect(error?.kind == .space)
            #expect(error?.reason.hasPrefix("a scratch server needs 5.24 MB in ") == true)
            let left = try await Sleepers(folder: folder).entries()
            #expect(left.isEmpty)
            try await withScratchServer(in: place, needing: 3 << 20, { _ in Sleepers.program }) { #expect($0.isAlive) }
        }
    }

    @Test("is held to the data its program names")
    func dataLimit() async throws {
        try await withSleepers { sleepers in
            var program = Sleepers.program
            program.dataLimit = ByteSize(64 << 20)
            try await withScratchServer(in: sleepers.place, { _ in program }) { server in
                // Told as begun it is still a shell for a moment, which sets its own limit first.
                try await awaitCondition("grep -Eq '^Max data size +67108864 +67108864 ' /proc/\(server.process)/limits")
                #expect(server.isAlive)
            }
        }
    }
}
