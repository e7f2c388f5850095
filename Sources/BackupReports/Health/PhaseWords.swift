/// What a run does at the moment, by the names that progress gives it.
package enum PhaseWords {
    package static func words(_ phase: String) -> Bilingual { Bilingual(phase, russian[phase] ?? waiting(phase) ?? phase) }

    /// The copy of Redis tells in it why nothing moves.
    private static func waiting(_ phase: String) -> String? {
        phase.wholeMatch(of: /wait for Redis to fork: its repl-diskless-sync-delay is (.+)/).map {
            "ожидание fork Redis: repl-diskless-sync-delay \(Moments.spanned($0.1))"
        }
    }

    private static let russian = [
        "preparing": "подготовка", "dump": "снятие дампа", "check": "проверка файла", "verify": "проверка",
        "sync": "копирование между хранилищами",
        "prune": "удаление старых копий", "expand": "распаковка", "load": "загрузка", "index": "построение индексов",
        "definitions": "создание таблиц", "read back": "чтение восстановленного", "compare": "сверка", "transfer": "передача",
        "write": "запись", "restore keys": "восстановление ключей",
    ]
}
