import BackupCatalog
import BackupModel

/// The one sentence at the top of everything.
struct HealthSentence {
    let facts: ServiceFacts
    let level: Health.Level
    let reasons: [Reason]

    var text: Bilingual { Bilingual(text(.english), text(.russian)) }

    private func text(_ language: Language) -> String {
        let first = reasons.first?.summary[language]
        return switch (level, language) {
        case (.good, .english): "Your data is safe: \(proof(language))."
        case (.good, .russian): "Данные в безопасности: \(proof(language))."
        case (.warning, .english): "Your data is safe: \(proof(language)); but \(first ?? "")."
        case (.warning, .russian): "Данные в безопасности: \(proof(language)); однако \(first ?? "")."
        case (.critical, .english): "Your data is at risk: \(first ?? ""); \(lastGood(language))."
        case (.critical, .russian): "Данные под угрозой: \(first ?? ""); \(lastGood(language))."
        case (.never, .english): "Nothing has been backed up yet: \(firstBackup(language))."
        case (.never, .russian): "Резервных копий ещё нет: \(firstBackup(language))."
        }
    }

    private var newest: RecoveryPoint? { facts.newestSound(with: facts.targets) }

    /// What the newest whole backup is worth.
    private func proof(_ language: Language) -> String {
        let moments = Moments(now: facts.now, language: language)
        guard let newest else { return lastGood(language) }
        let (clock, age) = (moments.clock(newest.manifest.startedAt), moments.age(newest.manifest.startedAt))
        let worth = newest.condition.worth
        return language == .english
            ? "the backup of \(clock), \(age) old, \(worth.english)" : "копия от \(clock) (возраст \(age)) \(worth.russian)"
    }

    private func lastGood(_ language: Language) -> String {
        let moments = Moments(now: facts.now, language: language)
        guard let known = newest?.manifest.startedAt ?? recorded else {
            return language == .english ? "there is no whole backup" : "полной резервной копии нет"
        }
        let (clock, age) = (moments.clock(known), moments.age(known))
        return language == .english
            ? "the last good backup is of \(clock), \(age) old" : "последняя удачная копия: \(clock), возраст \(age)"
    }

    /// What the history says, while no backups are at hand. Only where every target has one is there something to go back to with all of them.
    private var recorded: Instant? {
        guard facts.points.isEmpty else { return nil }
        let successes = facts.targets.compactMap { facts.lastSuccess(of: $0) }
        return successes.count == facts.targets.count ? successes.min() : nil
    }

    private func firstBackup(_ language: Language) -> String {
        let moments = Moments(now: facts.now, language: language)
        if let worst = reasons.first, worst.severity == .critical {
            guard worst.code == .neverSucceeded else { return worst.summary[language] }
            return language == .english ? "the first one is overdue" : "первая запаздывает"
        }
        if facts.current?.record.kind == .backup { return language == .english ? "the first one is under way" : "первая создаётся сейчас" }
        guard let next = facts.schedule.next else { return language == .english ? "none is due" : "ни одной не запланировано" }
        return language == .english ? "the first one is due at \(moments.clock(next))" : "первая запланирована на \(moments.clock(next))"
    }
}

extension RecoveryPoint.Condition {
    fileprivate var worth: Bilingual {
        switch self {
        case .verified: Bilingual("was restored and compared", "восстановлена и сверена")
        case .restored: Bilingual("was restored", "восстановлена")
        case .checked: Bilingual("was read and found whole", "прочитана и цела")
        case .suspicious: Bilingual("is whole", "цела")
        case .notVerified: Bilingual("is stored whole and not verified yet", "сохранена целиком, но ещё не проверена")
        case .missingFiles, .changedFiles, .verificationFailed: Bilingual("is damaged", "повреждена")
        }
    }
}
