/// What a run says of its own end, in Russian. Records keep it in English, as it was said; what others have said in it stays so.
package enum RunWords {
    package struct Sentence: Sendable, Equatable {
        package var ours: String
        /// In English, to be quoted after it.
        package var said: String?
    }

    /// Nil for a sentence nobody here knows.
    package static func russian(_ sentence: String) -> Sentence? { doubt(sentence) ?? shortfall(sentence) ?? unchecked(sentence) }

    private static func doubt(_ sentence: String) -> Sentence? {
        guard let found = sentence.wholeMatch(of: /backup (\S+) is kept, and doubted: (.+)/) else { return nil }
        let words = "копия \(found.1) сохранена, но под сомнением"
        let reasons = String(found.2).split(separator: "; ").map { CatalogWords.russian(String($0)) }
        let known = reasons.compactMap { $0 }
        return known.count == reasons.count
            ? Sentence(ours: "\(words): \(known.joined(separator: "; "))") : Sentence(ours: words, said: String(found.2))
    }

    private static func shortfall(_ sentence: String) -> Sentence? {
        if let found = sentence.wholeMatch(of: /backup (\S+) lacks (\d+) of (\d+) parts: (.+)/) {
            return Sentence(ours: "в копии \(found.1) нет \(found.2) из \(found.3) частей", said: String(found.4))
        }
        guard let found = sentence.wholeMatch(of: /backup (\S+) is stored in (\d+) of (\d+) stores, not in (.+)/) else { return nil }
        return Sentence(ours: "копия \(found.1): хранилищ с ней \(found.2) из \(found.3), её нет в", said: String(found.4))
    }

    private static func unchecked(_ sentence: String) -> Sentence? {
        if sentence == "it was called off" { return Sentence(ours: "запуск был прерван") }
        guard
            let found = sentence.wholeMatch(
                of: /backup (\S+) is stored, and (was called off before it was|could not be) checked(?:: (.+))?/)
        else { return nil }
        let reason = found.2.hasPrefix("was") ? "проверить её не успели: запуск был прерван" : "её не удалось проверить"
        return Sentence(ours: "копия \(found.1) сохранена, но \(reason)", said: found.3.map { String($0) })
    }
}

extension RunWords {
    /// What helps; nil for a hint nobody here knows.
    package static func hint(_ hint: String) -> String? {
        if let known = hints[hint] { return known }
        if let found = hint.wholeMatch(of: /Check it with (`[^`]+`)\./) { return "Проверьте её: \(found.1)." }
        guard let found = hint.wholeMatch(of: /Find out where the data has gone; if this is as it should be, (`[^`]+`)\./) else {
            return nil
        }
        return "Выясните, куда делись данные; если так и должно быть: \(found.1)."
    }

    private static let hints: [String: String] = [
        "See whether Redis runs and listens there: redis-cli -h HOST -p PORT ping.":
            "Проверьте, работает ли Redis и слушает ли он этот адрес: `redis-cli -h HOST -p PORT ping`.",
        "See whether a firewall drops the packets, and whether Redis binds that address.":
            "Проверьте, не отбрасывает ли пакеты межсетевой экран и слушает ли Redis этот адрес.",
        "See whether PostgreSQL runs and listens there: pg_isready with the same host and port.":
            "Проверьте, работает ли PostgreSQL и слушает ли он этот адрес: `pg_isready` с теми же хостом и портом.",
        "Check user and password in DATABASE_URL (or PGUSER, PGPASSWORD, ~/.pgpass) and the server's pg_hba.conf.":
            "Проверьте пользователя и пароль в DATABASE_URL (или PGUSER, PGPASSWORD, ~/.pgpass) и `pg_hba.conf` сервера.",
        "The server is starting or stopping: wait until pg_isready answers, then run the command again.":
            "Сервер запускается или останавливается: дождитесь ответа `pg_isready` и повторите.",
        "Put user and password into REDIS_URL: redis://NAME:PASSWORD@HOST:PORT.":
            "Укажите пользователя и пароль в REDIS_URL: `redis://NAME:PASSWORD@HOST:PORT`.",
    ]
}
