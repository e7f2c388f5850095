import BackupReports
import Testing

@testable import Doctor

@Suite("What is odd about the settings, in Russian")
struct OddSettingTests {
    @Test(
        "The file and its line are named, and what is wrong is said in the language of whoever reads it",
        arguments: [
            ("BACKUP_DRI in /srv/.env:3 is not a setting of this version", "BACKUP_DRI в /srv/.env:3: такой настройки нет"),
            (
                "line 2 of /srv/.env is left out: it is not of the form NAME=value",
                "строка 2 в /srv/.env пропущена: она не вида NAME=value"
            ),
            (
                "line 5 of /srv/.env is left out: before the = there is no name of letters, digits and underscores",
                "строка 5 в /srv/.env пропущена: перед = нет имени из букв, цифр и подчёркиваний"
            ),
            (
                "line 8 of /srv/.env opens a quote that it does not close; the quote is taken for a part of the value",
                "строка 8 в /srv/.env открывает кавычку и не закрывает её: кавычка считается частью значения"
            ), ("the moon is full", "«the moon is full»"),
        ])
    func russian(_ warning: String, _ words: String) { #expect(OddSetting.words(warning) == Bilingual(warning, words)) }

    @Test("A service that works is told to read them only by who has mended them, and they are checked before")
    func remedy() throws {
        for (warning, last) in [
            ("BACKUP_DRI in /srv/.env:3 is not a setting of this version", "reload-or-restart"),
            ("BACKUP_DRI in the environment is not a setting; did you mean BACKUP_DIR?", "restart"),
        ] {
            var facts = Healthy.examination
            facts.configuration.warnings = [warning]
            let finding = try #require(Diagnose()(facts).first)
            #expect(finding.code == .settingUnknown)
            #expect(finding.remedy.commands == ["call-center-admin config show"])
            #expect(
                finding.remedy.alternatives.map(\.commands) == [
                    ["runuser -u call-center-backup -- backup-service --check && systemctl \(last) call-center-backup"]
                ])
        }
    }
}
