import BackupCatalog
import BackupModel
import BackupReports
import Foundation
import Testing

@testable import StatusPage

@Suite("The page in its first answer")
struct PageTests {
    private static func page(_ facts: ServiceFacts, _ query: String = "", headers: [String: String] = [:]) async throws -> String {
        try await withStatusServer(facts) { server in try await server.ask("/" + query, headers: headers).body }
    }

    /// Without no-break spaces and word joiners, which are for the eye.
    private static func text(_ html: String) -> String { html.replacing("\u{a0}", with: " ").replacing("\u{2060}", with: "") }

    @Test(
        "It says in one sentence whether the data is safe",
        arguments: [
            (Scene.well, "Your data is safe", "Данные в безопасности"),
            (.never, "Nothing has been backed up yet", "Резервных копий ещё нет"),
            (.failed, "Your data is at risk", "Данные под угрозой"), (.running, "Your data is safe", "Данные в безопасности"),
            (.old, "Your data is at risk", "Данные под угрозой"), (.suspicious, "Your data is safe", "Данные в безопасности"),
        ])
    func headline(scene: Scene, english: String, russian: String) async throws {
        let page = try await Self.page(scene.facts)
        #expect(page.contains("<h1 id=\"headline\">\(english)</h1>"))
        #expect(page.contains("<html lang=\"en\">"))
        let translated = try await Self.page(scene.facts, headers: ["Accept-Language": "ru-RU,ru;q=0.9,en;q=0.5"])
        #expect(translated.contains("<h1 id=\"headline\">\(russian)</h1>"))
        #expect(translated.contains("<html lang=\"ru\">"))
    }

    @Test("Everything that is asked for at night is there")
    func contents() async throws {
        let page = Self.text(try await Self.page(Scene.well.facts))
        for part in [
            "20261126T020000Z", "2026-11-26 02:00 UTC", "8 h ago", "647 MB", "12 ms", "2 / 2", "2 min 00 s", "restored and compared",
            "2026-11-03: failed", "2026-10-17: missing", "1,957,000 rows", "30 d old, kept by no rule", "189 GB free", "64 %",
            "s3://call-center-backups/prod",
            "Next backup: <time datetime=\"2026-11-27T02:00:00.000Z\">2026-11-27 02:00 UTC</time>, in 16 h",
            "Size: now 647 MB", "/runs/20261126T020000Z-backup-0",
            // What goes, when: the oldest of thirty, with the next backup.
            "<table class=\"departures\">",
            "<tr><td class=\"when\"><time datetime=\"2026-11-27T02:00:00.000Z\">2026-11-27 02:00 UTC</time> "
                + "<span class=\"note\">in 16 h</span></td><td><code>20261028T020000Z</code></td>",
        ] {
            #expect(page.contains(part), "\(part)")
        }
    }

    @Test("While a retry is due the next backup is that attempt, and the schedule stays in one piece")
    func attempt() async throws {
        var facts = Scene.failed.facts
        facts.schedule.next = facts.now + .seconds(300)
        facts.schedule.attempt = ScheduleFacts.Attempt(number: 2, count: 4)
        let page = try await Self.page(facts)
        #expect(Self.text(page).contains("</time>, in 5 min (attempt 2 of 4, after a failure) <code>"), "\(page)")
        #expect(page.contains("<code>0\u{a0}2\u{a0}*\u{a0}*\u{a0}*\u{a0}UTC</code>"))
        let russian = Self.text(try await Self.page(facts, "?lang=ru"))
        #expect(russian.contains("(попытка 2 из 4, после неудачи)"))
    }

    @Test("Of a run that has moved nothing yet the box begins with when it began")
    func unmoved() async throws {
        var facts = Scene.running.facts
        facts.current?.bytes = 0
        facts.current?.rate = nil
        facts.current?.remaining = nil
        #expect(try await Self.page(facts).contains("<p class=\"note\">since <time"))
    }

    @Test("A backup that is kept and doubted has not failed in the list of runs, nor has one that was called off")
    func softEnds() async throws {
        var facts = Scene.well.facts
        facts.runs[0].failure = RunFailure(code: .suspicious, message: "backup x is kept, and doubted: y")
        #expect(try await Self.page(facts).contains("</svg>doubted</span>"))
        facts.runs[0].failure = RunFailure(code: .failed, message: "it was called off")
        facts.runs[0].failure?.kind = FailureKind()
        facts.runs[0].failure?.kind?.isCalledOff = true
        #expect(try await Self.page(facts).contains("</svg>called off</span>"))
    }

    @Test("What the server was read for is told beside what was taken over, also where nothing was", arguments: [Int64(600_000_000), 0])
    func origins(reused: Int64) async throws {
        var facts = Scene.well.facts
        facts.points[0].manifest.artifacts[0].origins = RowOrigins(reusedBytes: reused, readBytes: 123_000_000)
        let page = Self.text(try await Self.page(facts))
        #expect(page.contains(", read: 123 MB, unchanged: \(reused == 0 ? "0" : "600 MB")"))
        let russian = Self.text(try await Self.page(facts, headers: ["Accept-Language": "ru"]))
        #expect(russian.contains(", прочитано: ") && russian.contains(", без изменений: "))
    }

    @Test("Why everything was read, and what was read all the same, are told; the run's own words are quoted in Russian")
    func reread() async throws {
        var facts = Scene.well.facts
        let reason = "the server was started since"
        facts.points[0].manifest.artifacts[0].origins = RowOrigins(
            reusedBytes: 0, readBytes: 123_000_000, reason: reason, auditedSegments: 1_204)
        let page = Self.text(try await Self.page(facts))
        #expect(page.contains(", segments read all the same that agreed: 1,204, because \(reason)"))
        let russian = Self.text(try await Self.page(facts, headers: ["Accept-Language": "ru"]))
        #expect(russian.contains(", сегментов, всё же прочитанных и совпавших: 1 204, причина: «\(reason)»"))
    }

    @Test("A disk has its space and its inodes, and a store that cannot be used says why and what helps")
    func storage() async throws {
        let page = Self.text(try await Self.page(Scene.old.facts))
        for part in [
            "aria-label=\"Space: 64 % used, the limit is 90 %\"", "aria-label=\"Inodes: 1 % used, the limit is 90 %\"", "31,988,012 free",
            "cannot be used", "s3://call-center-backups/prod does not answer: connection refused",
            "What helps: See whether it can be reached with `call-center-admin storage check`.",
        ] {
            #expect(page.contains(part), "\(part)")
        }
        #expect(!Self.text(try await Self.page(Scene.well.facts)).contains("cannot be used"))
        var uncounted = Scene.well.facts
        (uncounted.disks[0].inodes, uncounted.disks[0].freeInodes) = (0, 0)
        #expect(!(try await Self.page(uncounted)).contains("Inodes"))
    }

    @Test("A run under way is shown with how far it is and where it can be followed")
    func running() async throws {
        let page = Self.text(try await Self.page(Scene.running.facts))
        for part in ["Under way: Backup", "<progress max=\"1\" value=\"0.62\" aria-label=\"dump\">62 %</progress>", "96.5 MB/s", "41 s"] {
            #expect(page.contains(part), "\(part)")
        }
        #expect(page.contains("<body data-every=\"3\">"))
    }

    @Test("Reasons come with cause, remedy, section and whom to call")
    func reasons() async throws {
        let page = Self.text(try await Self.page(Scene.failed.facts))
        for part in [
            "The last backup of PostgreSQL failed", "call-center-admin db prune", "https://runbooks.example.org/backup-failed",
            "Step 1: Make sure that the disk has room", "Storage / Infrastructure",
        ] {
            #expect(page.contains(part), "\(part)")
        }
    }

    @Test("What the doctor found is there in both languages, with what to type")
    func diagnosis() async throws {
        let page = Self.text(try await Self.page(Scene.failed.facts))
        for part in [
            "The disk of /backups is 94 % full", "18.9 GB of 315 GB are free", "<code>call-center-admin db prune --dry-run</code>",
            "So: The last backup of PostgreSQL failed", "Examined <time datetime=\"2026-11-26T02:00:20.000Z\">",
        ] {
            #expect(page.contains(part), "\(part)")
        }
        let russian = Self.text(try await Self.page(Scene.failed.facts, "?lang=ru"))
        for part in ["Диск /backups заполнен на 94 %", "Посмотрите, что можно удалить, и удалите.", "хранилище и инфраструктура"] {
            #expect(russian.contains(part), "\(part)")
        }
        #expect(!(try await Self.page(Scene.well.facts)).contains("diagnosis-title"))
    }

    @Test("What others have named cannot become part of the page")
    func escaping() async throws {
        let trap = "<script>alert(1)</script>\"'&"
        var facts = Scene.failed.facts
        facts.host = trap
        facts.stores[0].name = trap
        facts.stores[1].failure = RunFailure(code: .storeFailed, message: trap, hint: trap)
        facts.disks[0].path = trap
        facts.runs[0].failure?.message = trap
        facts.schedule.expression = trap
        facts.points[0].manifest.lacking = [MissingPart(kind: .postgresDump, database: trap, reason: trap)]
        facts.examination?.causes[0].summary = Bilingual(trap, trap)
        facts.examination?.causes[0].commands = [trap]
        facts.stores[0].departures = [RetentionDeparture(id: facts.points[0].id, at: facts.now, reason: trap)]
        let page = try await Self.page(facts)
        #expect(!page.contains("<script>alert"))
        #expect(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"))
        #expect(!page.contains("=\"\(trap)"))
    }

    @Test(
        "Nothing is loaded from elsewhere, and nothing runs but the script whose digest is announced",
        arguments: ["/", "/runs", "/runs/20261106T020000Z-backup-20", "/runs/x"])
    func policy(path: String) async throws {
        let answer = try await withStatusServer { try await $0.ask(path) }
        let policy = try #require(answer.headers["content-security-policy"])
        #expect(policy.contains("script-src 'sha256-") && policy.contains("style-src 'sha256-") && !policy.contains("http"))
        #expect(answer.body.ranges(of: "<script>").count == 1)
        #expect(!answer.body.contains(" style=\"") && !answer.body.contains(" onclick") && !answer.body.contains("src=\"http"))
    }

    @Test("Without a token there is no form, and the reason is said")
    func noForm() async throws {
        let page = try await withStatusServer(settings: BackupHTTPSettings()) { try await $0.ask("/") }.body
        #expect(!page.contains("<form"))
        #expect(page.contains("BACKUP_HTTP_TOKEN"))
    }

    @Test("Whoever may not read is told how, and nothing else")
    func refusal() async throws {
        let settings = BackupHTTPSettings(readToken: Secret(sampleReadToken))
        let answer = try await withStatusServer(settings: settings) { try await $0.ask("/") }
        #expect(answer.status == 401)
        #expect(answer.headers["content-type"]?.hasPrefix("text/html") == true)
        #expect(!answer.body.contains("db-backup-1") && !answer.body.contains("2026"))
    }

    @Test("A run's page has its log, in words")
    func log() async throws {
        let page = Self.text(try await withStatusServer { try await $0.ask("/runs/20261106T020000Z-backup-20") }.body)
        for part in [
            "Backup: succeeded", "dump, about 644 MB in 14 objects", "dump 50 %, 322 MB of 644 MB, 978,000 rows",
            "public.&lt;call_events&gt; &amp; friends grew by 40 %", "complete after 1 min 06 s",
            "<time datetime=\"2026-11-26T02:00:09.000Z\">02:00:09</time>",
        ] {
            #expect(page.contains(part), "\(part)")
        }
    }

    @Test("Every word of the templates is in the table, and every word of the table is used")
    func words() throws {
        let assets = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../Sources/StatusPage/Assets")
        let templates = try FileManager.default.contentsOfDirectory(at: assets, includingPropertiesForKeys: nil)
            .filter { $0.pathExtension == "mustache" }.map { try String(contentsOf: $0, encoding: .utf8) }.joined()
        let used = Set(templates.matches(of: /\{\{w\.(\w+)\}\}/).map { String($0.1) })
        let spoken: Set = ["age", "size", "skew", "copies", "proof", "recovery", "allRuns"]
        #expect(used.union(spoken) == Set(Words.table.keys))
    }
}
