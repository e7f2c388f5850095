import BackupReports
import Testing

@Suite("What a run says of its end, in Russian")
struct RunWordsTests {
    @Test(
        "is said in it, and what others said is left to be quoted",
        arguments: [
            (
                "backup 20260214T020000Z is kept, and doubted: the dump of calls has shrunk by 36 %: 412 MB, from 644 MB in 20260213T020000Z; "
                    + "and 2 more of this kind",
                "копия 20260214T020000Z сохранена, но под сомнением: дамп базы calls: меньше на 36 %: 412 МБ, в 20260213T020000Z было 644 МБ; "
                    + "и ещё 2 в том же роде",
                nil
            ),
            ("backup 20260214T020000Z is kept, and doubted: x", "копия 20260214T020000Z сохранена, но под сомнением", "x"),
            (
                "backup 20260214T020000Z lacks 1 of 2 parts: Redis (refused)", "в копии 20260214T020000Z нет 1 из 2 частей",
                "Redis (refused)"
            ),
            (
                "backup 20260214T020000Z is stored in 1 of 2 stores, not in s3://b (no answer)",
                "копия 20260214T020000Z: хранилищ с ней 1 из 2, её нет в", "s3://b (no answer)"
            ),
            (
                "backup 20260214T020000Z is stored, and was called off before it was checked",
                "копия 20260214T020000Z сохранена, но проверить её не успели: запуск был прерван", nil
            ),
            (
                "backup 20260214T020000Z is stored, and could not be checked: no room",
                "копия 20260214T020000Z сохранена, но её не удалось проверить", "no room"
            ),
            ("it was called off", "запуск был прерван", nil),
        ] as [(String, String, String?)])
    func sentences(english: String, russian: String, said: String?) {
        let found = RunWords.russian(english)
        #expect(found?.ours == russian && found?.said == said, "\(String(describing: found))")
    }

    @Test("What is not its own is not known to it")
    func strangers() {
        #expect(RunWords.russian("cannot connect to db:5432: connection refused") == nil)
        #expect(RunWords.hint("HINT: ask the server") == nil)
    }

    @Test("What helps is said in it, too")
    func hints() {
        let check = "`call-center-admin db verify-backup X`"
        #expect(RunWords.hint("Check it with \(check).") == "Проверьте её: \(check).")
        let doubt = "Find out where the data has gone; if this is as it should be, `call-center-admin db accept X`."
        #expect(RunWords.hint(doubt) == "Выясните, куда делись данные; если так и должно быть: `call-center-admin db accept X`.")
        let look = RunWords.hint("See whether Redis runs and listens there: redis-cli -h HOST -p PORT ping.")
        #expect(look?.hasPrefix("Проверьте, работает ли Redis") == true)
    }
}
