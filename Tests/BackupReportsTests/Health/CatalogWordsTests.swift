import Testing

@testable import BackupReports

@Suite("What the catalog says, in Russian")
struct CatalogWordsTests {
    @Test(
        "Each of its sentences has words of its own",
        arguments: [
            ("the database call_center is down to nothing, from 9,000 rows in 20260214T020000Z", "база call_center: не осталось ничего"),
            (
                "the table public.calls of call_center has shrunk by 99 %: 20 rows, from 2,000 rows in 20260214T020000Z",
                "меньше на 99 %: строк: 20"
            ),
            (
                "the tables public.calls_# of call_center has grown by 300 %: 8,000 rows, from 2,000 rows in 20260214T020000Z",
                "больше на 300 %"
            ),
            (
                "the dump of call_center has shrunk by 50 %: 1.50 GB, from 3.00 GB in 20260214T020000Z",
                "дамп базы call_center: меньше на 50 %: 1,50 ГБ"
            ),
            (
                "Redis, keys without expiry, has shrunk by 60 %: 400 keys, from 1,000 keys in 20260214T020000Z",
                "Redis, ключи без срока: меньше"
            ),
            ("and 7 more of this kind", "и ещё 7"),
            ("nothing is removed while a backup is suspicious: 20260214T020000Z, and 2 others", "20260214T020000Z и ещё 2"),
            ("nothing is removed while a manifest cannot be read: 20260214T020000Z.json", "манифест не читается: 20260214T020000Z.json"),
            ("nothing is removed while a backup is of the future: 20990214T020000Z is of 2099-02-14 02:00:00Z", "её время 2099-02-14"),
            (
                "nothing is removed while a backup is of the future: 20990214T020000Z is of 2099-02-14 02:00:00Z, in 26650 d",
                "её время 2099-02-14 02:00:00Z, то есть через 26650 д"
            ),
            (
                "nothing of call_center of server 7301, Redis at redis:6379 is removed before there are 3 verified backups: there are 1",
                "call_center сервера 7301, Redis (redis:6379) ничего"
            ),
            ("30 d old, kept by no rule", "возраст 30 д"), ("5 h old, kept by no rule; it is incomplete", "возраст 5 ч"),
            ("40 d old, kept by no rule; it is not verified", "она не проверена"),
            ("40 d old, kept by no rule; it is checked, not restored for a proof, or incomplete", "прочитана, но не восстановлена"),
            ("Verify more of them with `call-center-admin db reverify --level content`.", "Проверьте больше копий"),
            ("nothing of call_center is removed before there are 3 verified backups: there are 1", "проверенных меньше 3: их 1"),
            ("nothing of call_center, Redis is removed, as no checked backup lies between 2026-02-01 02:00:00Z and now", "и этим временем"),
            (
                "nothing of call_center is removed, as no verified backup lies between 2026-02-01 02:00:00Z and 2026-06-30 02:00:00Z, "
                    + "and those since then are of less than a day",
                "и 2026-06-30 02:00:00Z, а снятые с тех пор"
            ),
        ])
    func sentences(english: String, part: String) throws {
        let russian = try #require(CatalogWords.russian(english))
        #expect(russian.contains(part), "\(russian)")
        #expect(russian.firstMatch(of: /\b(is|has|of|from|nothing|rows?)\b/) == nil, "\(russian)")
    }

    @Test("What nobody here knows stays as it was said")
    func unknown() {
        #expect(CatalogWords.russian("the tables are gone") == nil)
    }
}
