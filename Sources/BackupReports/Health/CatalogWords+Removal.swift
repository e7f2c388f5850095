extension CatalogWords {
    /// Why a backup goes: `30 d old, kept by no rule; it is not verified`.
    static func departure(_ sentence: String) -> String? {
        guard let found = sentence.wholeMatch(of: /(\d+ (?:s|min|h|d)) old, kept by no rule(?:; it is (.+))?/) else { return nil }
        return "возраст \(Moments.spanned(found.1)), ни одно правило её не хранит" + (found.2.map { "; \(lack($0))" } ?? "")
    }

    /// Why a backup is not one of those that count.
    private static func lack(_ words: Substring) -> String {
        switch words {
        case "incomplete": "в ней есть не всё"
        case "checked, not restored for a proof, or incomplete": "она прочитана, но не восстановлена для проверки, или в ней есть не всё"
        case "checked": "она прочитана, но не восстановлена для проверки"
        case "missing files": "в ней не хватает файлов"
        case "changed files": "её файлы изменились"
        case "verification failed": "проверка не пройдена"
        case "suspicious": "она подозрительна"
        case "not verified": "она не проверена"
        default: "«\(words)»"
        }
    }

    /// What ends a freeze.
    static func hint(_ sentence: String) -> String? {
        if let known = whole[sentence] { return known }
        if let found = sentence.wholeMatch(of: /See what has become smaller or larger with (`.+?`); if it is as it should be, (`.+?`)\./) {
            return "Посмотрите, что стало меньше или больше: \(found.1). Если так и должно быть: \(found.2)."
        }
        guard
            let found = sentence.wholeMatch(
                of: /Find out whether the clock jumped .+BACKUP_RETENTION_CLOCK_BOUND is (.+?)\)\. If all is .+: (`.+?`)\./)
        else { return nil }
        return "Выясните, сбились ли часы или копии не снимались (BACKUP_RETENTION_CLOCK_BOUND: \(Moments.spanned(found.1))). "
            + "Если всё так и должно быть или этого больше не копируют: \(found.2)."
    }

    private static let whole: [String: String] = [
        "If the store did not answer, run this again. One of a later version is read by that version; "
            + "move one that is damaged away by hand, with its backup's files.":
            "Если хранилище не ответило, повторите. Манифест более новой версии читает только она; "
            + "повреждённый уберите вручную вместе с файлами его копии.",
        "Compare the clock with another (`timedatectl`). If the clock was wrong when the backup was taken, move its files away by hand.":
            "Сверьте часы (`timedatectl`). Если они врали, когда копия снималась, уберите её файлы вручную.",
        "Verify more of them with `call-center-admin db reverify`. Where backups cannot be restored for a proof, "
            + "BACKUP_RETENTION_PROOF=content lets those count whose content was checked.":
            "Проверьте больше копий: `call-center-admin db reverify`. Где восстанавливать их для проверки нельзя, с "
            + "BACKUP_RETENTION_PROOF=content в счёт идут прочитанные целиком.",
        "Verify more of them with `call-center-admin db reverify --level content`.":
            "Проверьте больше копий: `call-center-admin db reverify --level content`.",
    ]
}
