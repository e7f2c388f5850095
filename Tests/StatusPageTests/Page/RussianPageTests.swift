import BackupCatalog
import BackupModel
import BackupReports
import Testing

@testable import StatusPage

@Suite("The page in Russian")
struct RussianPageTests {
    private static func page(_ facts: ServiceFacts, _ path: String = "/") async throws -> String {
        try await withStatusServer(facts) { try await $0.ask(path, headers: ["Accept-Language": "ru"]).body }
    }

    /// Without no-break spaces, which are for the eye.
    private static func text(_ html: String) -> String { html.replacing("\u{a0}", with: " ") }

    /// Sentences in English that a page says itself: not what others named, typed or said, which stands in quotes and is marked as English,
    /// and no commands.
    private static func english(_ html: String) -> [String] {
        let bare = html.replacing(/<(script|style|code)\b[\s\S]*?<\/\1>/, with: "|")
        let labels = bare.matches(of: /(?:aria-label|title|data-text|data-started)="([^"]*)"/).map { String($0.1) }
        let words = bare.replacing(/<(\w+)[^>]*\slang="en"[^>]*>[\s\S]*?<\/\1>/, with: "|").replacing(/<[^>]+>/, with: "|")
        return ([words] + labels).flatMap { text in
            text.replacing(/«[^»]*»|`[^`]*`/, with: "|").matches(of: /[A-Za-z']{2,}(?:,? [A-Za-z']{2,}){2,}/).map { String($0.0) }
        }
    }

    /// What is marked as English, and is neither quoted, nor the log, nor the way to the other language.
    private static func unquoted(_ html: String) -> [String] {
        html.matches(of: /<(\w+)[^>]*\slang="en"[^>]*>([\s\S]*?)<\/\1>/).filter { $0.1 != "ol" }.map { String($0.2) }
            .filter { $0 != "English" && !($0.hasPrefix("«") && $0.hasSuffix("»")) }
    }

    private static func expectRussian(_ page: String, _ name: String) {
        #expect(page.contains("<html lang=\"ru\">"), "\(name)")
        #expect(english(page) == [], "\(name)")
        #expect(unquoted(page) == [], "\(name)")
    }

    @Test("It says nothing in English, whatever it has to say", arguments: Scene.allCases)
    func scenes(scene: Scene) async throws { Self.expectRussian(try await Self.page(scene.facts), scene.rawValue) }

    @Test("Nor do the runs, one that failed, and what is not there", arguments: ["/runs", "/runs/20261103T020000Z-backup-23", "/runs/x"])
    func others(path: String) async throws { Self.expectRussian(try await Self.page(Scene.well.facts, path), path) }

    @Test("English is seen where it is")
    func blindness() async throws {
        let page = try await withStatusServer { try await $0.ask("/") }.body
        #expect(Self.english(page).count > 5)
        #expect(Self.unquoted("<p class=\"a\" lang=\"en\">said by nobody</p><p lang=\"en\">«said»</p>") == ["said by nobody"])
    }

    @Test("What failed is said in kind, and quoted, with the command to begin with")
    func failures() async throws {
        let page = Self.text(try await Self.page(Scene.old.facts))
        for part in [
            "сбой хранилища: <span lang=\"en\">«s3://call-center-backups/prod does not answer: connection refused»</span>",
            "Что поможет: <code>call-center-admin storage check</code>",
        ] {
            #expect(page.contains(part), "\(part)")
        }
        let run = Self.text(try await Self.page(Scene.well.facts, "/runs/20261103T020000Z-backup-23"))
        #expect(run.contains("сервер недоступен: <span lang=\"en\">«cannot connect to postgres at db-1:5432: connection refused»</span>"))
        let gone = try await Self.page(Scene.well.facts, "/runs/x")
        #expect(gone.contains("за последние девяносто дней такого запуска не было"))
    }

    @Test("What a run says of its own end is said in it, and so is what helps")
    func ends() async throws {
        var facts = Scene.well.facts
        let id = facts.runs[0].id
        facts.runs[0].failure = RunFailure(
            code: .suspicious,
            message: "backup 20261126T020000Z is kept, and doubted: the table public.calls of call_center has shrunk by 38 %: "
                + "1,204,113 rows, from 1,942,117 rows in 20261125T020000Z",
            hint: "Find out where the data has gone; if this is as it should be, `call-center-admin db accept 20261126T020000Z`.")
        for path in ["/", "/runs/\(id)"] {
            let page = Self.text(try await Self.page(facts, path))
            Self.expectRussian(page, path)
            #expect(page.contains("копия 20261126T020000Z сохранена, но под сомнением: public.calls в базе call_center: меньше на 38 %"))
            #expect(page.contains("под сомнением<"))
        }
        #expect(Self.text(try await Self.page(facts, "/runs/\(id)")).contains("Выясните, куда делись данные"))
        facts.runs[0].failure = RunFailure(code: .partlyDone, message: "backup 20261126T020000Z lacks 1 of 2 parts: Redis (no answer)")
        let part = Self.text(try await Self.page(facts, "/runs/\(id)"))
        #expect(part.contains("в копии 20261126T020000Z нет 1 из 2 частей: <span lang=\"en\">«Redis (no answer)»</span>"))
    }

    @Test("Doubts of a backup, what it lacks, and why one goes, are said in it")
    func catalog() async throws {
        var facts = Scene.suspicious.facts
        facts.points[0].manifest.lacking = [MissingPart(kind: .redisDump, reason: "no connection to redis")]
        let page = Self.text(try await Self.page(facts))
        Self.expectRussian(page, "suspicious")
        for part in [
            "public.calls в базе call_center: меньше на 38 %: строк: 1 204 113", "Redis: <span lang=\"en\">«no connection to redis»</span>",
        ] {
            #expect(page.contains(part), "\(part)")
        }
        let well = Self.text(try await Self.page(Scene.well.facts))
        #expect(well.contains("<td>возраст 30 д, ни одно правило её не хранит</td>"))
        #expect(Self.text(try await Self.page(Scene.running.facts)).contains("<strong>снятие дампа</strong>"))
    }

    /// Every reason retention has to remove nothing.
    private static var plans: [RetentionPlan] {
        let points = Scene.well.facts.points
        let unproved = (0..<40).map { day in
            Sample.point(Sample.manifest(Scene.lastSlot + .seconds(-86_400 * Int64(day)), day, isProved: day == 0))
        }
        var content = RetentionPolicy.standard
        content.proof = .content
        return [
            Retention(.standard, now: Scene.now).plan(Scene.suspicious.facts.points),
            Retention(.standard, now: Scene.now).plan(points, unreadable: [UnreadableManifest(key: "20261101T020000Z.json", reason: "x")]),
            Retention(.standard, now: points[2].manifest.startedAt).plan(points), Retention(.standard, now: Scene.now).plan(unproved),
            Retention(content, now: Scene.now + .seconds(60 * 86_400)).plan(points),
            Retention(.standard, now: Scene.now + .seconds(60 * 86_400)).plan(points),
        ]
    }

    @Test("Why nothing is removed, and what ends it, are said in it", arguments: plans.indices)
    func freezes(index: Int) async throws {
        let freeze = try #require(Self.plans[index].freezes.first)
        #expect(CatalogWords.russian(freeze.reason) != nil, "\(freeze.reason)")
        #expect(CatalogWords.russian(freeze.hint) != nil, "\(freeze.hint)")
        var facts = Scene.well.facts
        facts.stores[0].retention = Self.plans[index]
        Self.expectRussian(try await Self.page(facts), freeze.reason)
    }

    @Test("What is refused is refused in it, to the page's script and to its form")
    func refusals() async throws {
        try await withStatusServer { server in
            let russian = ["Accept-Language": "ru"]
            let script = try await server.start(#"{"kind":"backup"}"#, token: "wrong", headers: russian)
            #expect(script.status == 401 && script.body.contains("это не тот токен"))
            let type = ["Content-Type": "application/x-www-form-urlencoded"]
            let form = try await server.ask("/api/runs?lang=ru", "POST", headers: type, body: "kind=backup&token=wrong")
            #expect(form.status == 401)
            Self.expectRussian(form.body, "form")
            let program = try await server.start(#"{"kind":"nothing"}"#)
            #expect(program.body.contains("kind has to be backup or verification"))
        }
    }

    @Test("Its form is answered in the language of the page, whatever the browser prefers")
    func form() async throws {
        let page = try await withStatusServer { try await $0.ask("/?lang=ru") }.body
        #expect(page.contains("action=\"/api/runs?lang=ru\""))
    }
}
