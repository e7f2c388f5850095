import BackupCatalog
import BackupModel
import BackupReports

/// Section 7: whether this host's clock can be right. What a store's server says of it is told by `StoreRules`.
enum ClockRules {
    @Sendable static func all(_ facts: Examination) -> [Diagnosis] {
        let points = facts.stores.flatMap { $0.holdings.value?.points ?? [] }.filter { $0.manifest.startedAt.isFuture(at: facts.now) }
        if let newest = points.max(by: { $0.manifest.startedAt < $1.manifest.startedAt }) {
            return [wrong(Bilingual("the backup \(newest.id)", "резервная копия \(newest.id)"), newest.manifest.startedAt, facts)]
        }
        guard let run = facts.service?.runs.first(where: { $0.startedAt.isFuture(at: facts.now) }) else { return [] }
        return [wrong(Bilingual("the run \(run.id)", "запуск \(run.id)"), run.startedAt, facts)]
    }

    private static func wrong(_ witness: Bilingual, _ taken: Instant, _ facts: Examination) -> Diagnosis {
        Diagnosis(
            .clockWrong, .warning,
            Bilingual("this host's clock is behind, or was ahead", "часы этого узла отстают или раньше спешили"),
            evidence: Bilingual(
                "\(witness.english) is of \(taken.display), and this host takes it to be \(facts.now.display)",
                "\(witness.russian): \(taken.display), а на этом узле сейчас \(facts.now.display)"),
            remedy: .init(
                "Compare the clock with another one and set it. If it is right, it was wrong when that was taken: move the files of such a "
                    + "backup away by hand.",
                "Сравните часы с другими и установите их. Если они верны, они были неверны тогда: уберите файлы такой копии вручную.",
                "date -u", "timedatectl", "timedatectl set-ntp true"))
    }
}
