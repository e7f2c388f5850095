import BackupCatalog
import BackupModel
import BackupReports

/// Every word of the pages that does not come with the facts. In templates they are `{{w.name}}`.
enum Words {
    static func all(_ language: Language) -> [String: String] { table.mapValues { $0[language] } }

    static let table: [String: Bilingual] = [
        "title": Bilingual("Backups", "Резервные копии"),
        "skip": Bilingual("To the content", "К содержанию"),
        "asOf": Bilingual("As of", "По состоянию на"),
        "languages": Bilingual("Language", "Язык"),
        "whatToDo": Bilingual("What to do", "Что делать"),
        "whom": Bilingual("Call", "Позвать"),
        "runbook": Bilingual("Runbook", "Runbook"),
        "diagnosis": Bilingual("Diagnosis", "Диагностика"),
        "examined": Bilingual("Examined", "Осмотр"),
        "soThat": Bilingual("So", "Из-за этого"),
        "nothingFound": Bilingual("Nothing is wrong.", "Всё в порядке."),
        "running": Bilingual("Under way", "Выполняется"),
        "since": Bilingual("since", "с"),
        "moved": Bilingual("last moved", "последнее движение"),
        "remaining": Bilingual("left", "осталось"),
        "followIt": Bilingual("Follow its log", "Следить по журналу"),
        "lastPoint": Bilingual("Last recovery point", "Последняя точка восстановления"),
        "noPoint": Bilingual("There is none yet.", "Её ещё нет."),
        "age": Bilingual("Age", "Возраст"),
        "size": Bilingual("Size", "Размер"),
        "skew": Bilingual("Skew", "Расхождение"),
        "copies": Bilingual("Copies", "Экземпляры"),
        "proof": Bilingual("Proved", "Проверена"),
        "recovery": Bilingual("Recovery time", "Время восстановления"),
        "calendar": Bilingual("Ninety days", "Девяносто дней"),
        "calendarCaption": Bilingual(
            "What became of each of the last ninety days, weeks in columns",
            "Что было в каждый из последних девяноста дней, недели в столбцах"),
        "week": Bilingual("Week of", "Неделя с"),
        "trend": Bilingual("Trend", "Динамика"),
        "noTrend": Bilingual("There is nothing to compare yet.", "Сравнивать пока нечего."),
        "runs": Bilingual("Runs", "Запуски"),
        "allRuns": Bilingual("All runs of ninety days", "Все запуски за девяносто дней"),
        "noRuns": Bilingual("Nothing has run yet.", "Запусков ещё не было."),
        "when": Bilingual("When", "Когда"),
        "what": Bilingual("What", "Что"),
        "result": Bilingual("Result", "Итог"),
        "took": Bilingual("Took", "Длилось"),
        "retention": Bilingual("What goes next", "Что будет удалено"),
        "why": Bilingual("Why", "Почему"),
        "backup": Bilingual("Backup", "Копия"),
        "nothingGoes": Bilingual("Nothing goes within the next sixty backups.", "За следующие шестьдесят копий ничего не будет удалено."),
        "frozen": Bilingual("Nothing is removed", "Ничего не удаляется"),
        "stores": Bilingual("Stores", "Хранилища"),
        "checked": Bilingual("seen", "проверено"),
        "disk": Bilingual("Disk", "Диск"),
        "limit": Bilingual("limit", "предел"),
        "actions": Bilingual("Back up or verify now", "Скопировать или проверить сейчас"),
        "token": Bilingual("Token", "Токен"),
        "tokenHint": Bilingual(
            "The value of BACKUP_HTTP_TOKEN; it is sent once and kept nowhere.",
            "Значение BACKUP_HTTP_TOKEN; отправляется один раз и нигде не хранится."),
        "backUpNow": Bilingual("Back up now", "Сделать копию"),
        "verifyLast": Bilingual("Verify the last one", "Проверить последнюю"),
        "changesOff": Bilingual(
            "This service has no token, so nothing can be started from here. Set BACKUP_HTTP_TOKEN.",
            "У сервиса нет токена, поэтому отсюда ничего не запустить. Задайте BACKUP_HTTP_TOKEN."),
        "next": Bilingual("Next backup", "Следующая копия"),
        "log": Bilingual("Log", "Журнал"),
        "noLog": Bilingual("It has left no log.", "Журнала не осталось."),
        "host": Bilingual("Host", "Хост"),
        "trigger": Bilingual("Reason", "Причина"),
        "id": Bilingual("Id", "Идентификатор"),
        "back": Bilingual("To the overview", "К обзору"),
        "started": Bilingual("It has begun.", "Запущено."),
        "lostContact": Bilingual("The service does not answer; this page is out of date.", "Сервис не отвечает; страница устарела."),
        "hint": Bilingual("What helps", "Что поможет"),
        "nothingHere": Bilingual("That did not work", "Не получилось"),
    ]
}

extension RunRecord.Kind {
    var words: Bilingual {
        switch self {
        case .backup: Bilingual("Backup", "Резервное копирование")
        case .verification: Bilingual("Verification", "Проверка")
        case .reverification: Bilingual("Verification again", "Повторная проверка")
        case .pruning: Bilingual("Retention", "Удаление старых копий")
        case .sync: Bilingual("Store sync", "Синхронизация хранилищ")
        }
    }
}

extension RunRecord.Trigger {
    var words: Bilingual {
        switch self {
        case .schedule: Bilingual("by schedule", "по расписанию")
        case .catchUp: Bilingual("catching up", "вместо пропущенного")
        case .retry: Bilingual("again after a failure", "повтор после ошибки")
        case .person: Bilingual("by hand", "вручную")
        }
    }
}

extension RunState {
    var words: Bilingual {
        switch self {
        case .running: Bilingual("under way", "выполняется")
        case .succeeded: Bilingual("succeeded", "успешно")
        case .failed: Bilingual("failed", "ошибка")
        case .lost: Bilingual("broke off", "оборвался")
        }
    }

    var mark: String {
        switch self {
        case .running: "run"
        case .succeeded: "good"
        case .failed, .lost: "bad"
        }
    }
}

extension RecoveryPoint.Condition {
    var words: Bilingual {
        switch self {
        case .missingFiles: Bilingual("files are missing", "не хватает файлов")
        case .changedFiles: Bilingual("files have changed", "файлы изменились")
        case .verificationFailed: Bilingual("found damaged", "найдены повреждения")
        case .suspicious: Bilingual("suspicious", "подозрительна")
        case .verified: Bilingual("restored and compared", "восстановлена и сверена")
        case .restored: Bilingual("restored, rows not compared", "восстановлена, строки не сверялись")
        case .checked: Bilingual("read and found whole", "прочитана, цела")
        case .notVerified: Bilingual("not verified yet", "ещё не проверена")
        }
    }

    var mark: String {
        switch self {
        case .verified, .restored, .checked: "good"
        case .suspicious, .notVerified: "warn"
        case .missingFiles, .changedFiles, .verificationFailed: "bad"
        }
    }
}

extension Severity {
    var words: Bilingual {
        switch self {
        case .warning: Bilingual("Warning", "Предупреждение")
        case .critical: Bilingual("Critical", "Критично")
        }
    }
}
