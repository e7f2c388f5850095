import BackupModel
import BackupTestKit
import GRDB
import SystemPackage
import Testing

@testable import BackupCatalog

@Suite("The history of runs")
struct RunHistoryTests {
    @Test("A record comes back as it was, also to another process, and may be written again at its end")
    func records() async throws {
        try await withHistory { scene in
            var run = HistoryScene.open("a")
            try await scene.history().save(run)
            #expect(try await scene.history().run("a") == run)
            run.finishedAt = HistoryScene.now
            run.failure = RunFailure(code: .storeFailed, message: "x", hint: "Y.", others: ["z"])
            run.outcomes = [
                .init(target: .redis, succeeded: true, verified: true, bytes: 7, rows: 3), .init(target: .postgres, succeeded: false),
            ]
            try await scene.history().save(run)
            #expect(try await scene.history().run("a") == run)
            #expect(try await scene.history().run("b") == nil)
            #expect(scene.warnings == [])
        }
    }

    @Test("Another program that comes and goes takes nothing away from those that stay, though one of them has opened the file twice")
    func visitor() async throws {
        try await withHistory { scene in
            let (one, other) = (scene.history(), scene.history())
            try await one.save(HistoryScene.run("a"))
            try await other.save(HistoryScene.run("b"))
            // A connection that is the last one, as far as locks tell, tidies up when it is closed.
            let visit =
                "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); print(c.execute('SELECT count(*) FROM run').fetchone()[0]); c.close()"
            let visitor = Command("python3", ["-c", visit, scene.folder + "/history.sqlite"])
            #expect(try await visitor.output() == "2\n")
            try await one.save(HistoryScene.run("c"))
            #expect(try await visitor.output() == "3\n")
            #expect(try await other.runs().count == 3)
        }
    }

    @Test("The newest come first, as many as asked for, and none from before a bound")
    func newest() async throws {
        try await withHistory { scene in
            let history = scene.history()
            for hours in [5, 1, 3] { try await history.save(HistoryScene.run("\(hours)", hoursAgo: hours)) }
            #expect(try await history.runs().map(\.id) == ["1", "3", "5"])
            #expect(try await history.runs(limit: 2).map(\.id) == ["1", "3"])
            #expect(try await history.runs(since: HistoryScene.now + .seconds(-3 * 3600)).map(\.id) == ["1", "3"])
        }
    }

    @Test("Only its owner may read what is in it, and nobody what SQLite keeps beside it")
    func rights() async throws {
        try await withHistory { scene in
            let history = scene.history()
            try await history.save(HistoryScene.run("a"))
            let modes = try await Command("bash", ["-c", "stat -c '%a %n' history.sqlite*", "x"].withFolder(scene.folder)).output()
            #expect(modes == "600 history.sqlite\n600 history.sqlite-shm\n600 history.sqlite-wal\n")
            #expect(try await history.runs().count == 1)
        }
    }

    @Test("A run that is withdrawn was never there")
    func withdrawn() async throws {
        try await withHistory { scene in
            let history = scene.history()
            try await history.save(HistoryScene.open("a"))
            try await history.withdraw("a")
            #expect(try await history.run("a") == nil)
            #expect(try await history.runs() == [])
            #expect(try await history.targets() == [:])
        }
    }

    @Test("A folder that cannot be written is an error that names it, not a crash")
    func unwritable() async throws {
        let context = RunContext(now: { HistoryScene.now })
        let history = RunHistory(folder: "/proc/nowhere", context: context) { _ in }
        let error = await #expect(throws: BackupError.self) { try await history.save(HistoryScene.run("a")) }
        #expect(error?.message.contains("/proc/nowhere") == true)
        #expect(error?.hint?.contains("BACKUP_STATE_DIR") == true)
    }
}

@Suite("A history that was damaged")
struct DamagedHistoryTests {
    private func damage(_ scene: HistoryScene, _ script: String) async throws {
        try await Command("bash", ["-c", script, "x"].withFolder(scene.folder)).output()
    }

    /// Another file under that name, and nothing of the old one: what is open of that is written to whenever SQLite likes.
    private static let replacement = "head -c 20000 /dev/urandom > noise && rm -f history.sqlite* && mv noise history.sqlite"

    @Test("begins anew with a warning, and the old file is kept aside")
    func foreign() async throws {
        try await withHistory { scene in
            try await scene.history().save(HistoryScene.run("a"))
            try await damage(scene, Self.replacement)
            try await scene.history().save(HistoryScene.run("b"))
            #expect(try await scene.history().runs().map(\.id) == ["b"])
            #expect(scene.warnings.count == 1)
            #expect(scene.warnings.first?.contains("history.damaged.sqlite") == true)
            try await damage(scene, "test -s history.damaged.sqlite")
        }
    }

    @Test("stays where it is when somebody only looks")
    func lookedAt() async throws {
        try await withHistory { scene in
            try await scene.history().save(HistoryScene.run("a"))
            try await damage(scene, "\(Self.replacement) && cp history.sqlite before")
            let looked = RunHistory(folder: scene.folder, context: scene.context, onlyReads: true) { _ in }
            await #expect(throws: BackupError.self) { _ = try await looked.runs() }
            try await damage(scene, "cmp history.sqlite before && test ! -e history.damaged.sqlite")
        }
    }

    @Test("in a page that is read later, too")
    func page() async throws {
        try await withHistory { scene in
            let first = scene.history()
            try await first.write { database in
                for place in 0..<500 {
                    let run = HistoryScene.run("\(place)", hoursAgo: place)
                    try database.save(run, try run.encoded())
                }
            }
            try await first.write { try $0.execute(sql: "PRAGMA user_version = 1") }
            let isWhole = try await first.checkpointed()
            #expect(isWhole)
            try await damage(scene, "dd if=/dev/urandom of=history.sqlite bs=4096 seek=4 count=60 conv=notrunc status=none")
            let second = scene.history()
            #expect(try await second.runs() == [])
            try await second.save(HistoryScene.run("new"))
            #expect(try await second.runs().map(\.id) == ["new"])
            #expect(scene.warnings.count == 1)
        }
    }

    @Test("Who had the old file open goes on in the new one")
    func replaced() async throws {
        try await withHistory { scene in
            let service = scene.history()
            try await service.save(HistoryScene.run("a"))
            try await damage(scene, "head -c 20000 /dev/urandom > other && mv other history.sqlite && rm -f history.sqlite-*")
            try await scene.history().save(HistoryScene.run("b"))
            try await service.save(HistoryScene.run("c", hoursAgo: 1))
            #expect(try await scene.history().runs().map(\.id) == ["b", "c"])
        }
    }
}

extension RunHistory {
    /// Everything is in the file itself, none of it in the log beside it.
    fileprivate func checkpointed() async throws -> Bool {
        try await perform { queue in
            try await queue.writeWithoutTransaction { try $0.checkpoint(.truncate).walFrameCount == 0 }
        }
    }
}

extension [String] {
    /// The arguments of a shell that works in `folder`.
    fileprivate func withFolder(_ folder: String) -> [String] { [self[0], "cd '\(folder)' && " + self[1]] }
}
