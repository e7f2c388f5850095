import BackupCatalog
import BackupModel
import BackupReports

/// Section 7: whether this host's clock can be right. What a store's server says of it is told by `StoreRules`.
enum ClockRules {
    /// As far as clocks may be apart.
    static let patience = Duration.seconds(300)
    /// Beyond a quarter of an hour the servers of stores refuse every request.
    static let limit = Duration.seconds(900)

    @Sendable static func all(_ facts: Examination) -> [Diagnosis] { [apart(facts) ?? future(facts)].compactMap { $0 } }

    /// A server that runs on this machine has the same clock, and cannot differ.
    private static func apart(_ facts: Examination) -> Diagnosis? {
        guard let lead = facts.postgres?.server.value?.clockLead, lead > patience || lead < .zero - patience else { return nil }
        let distance = lead < .zero ? .zero - lead : lead
        let (word, russian) = lead < .zero ? ("ahead of", "спешат") : ("behind", "отстают")
        return Diagnosis(
            .clockWrong, distance < limit ? .warning : .critical,
            Bilingual(
                "this host's clock is \(distance.briefly) \(word) that of PostgreSQL",
                "часы этого узла \(russian) относительно часов PostgreSQL на \(distance.inRussian)"),
            evidence: Bilingual(
                "here it is \(facts.now.display), at \(facts.surroundings.postgres) \((facts.now + lead).display)",
                "здесь \(facts.now.display), на \(facts.surroundings.postgres) \((facts.now + lead).display)"),
            remedy: .init(
                "See which of the two is wrong, and set it before anything else: ages, dates and signatures hang on it.",
                "Узнайте, какие из них неверны, и прежде всего установите их: от них зависят возраст копий, даты и подписи.", "date -u",
                "timedatectl", "timedatectl set-ntp true"))
    }

    private static func future(_ facts: Examination) -> Diagnosis? {
        let points = facts.stores.flatMap { $0.holdings.value?.points ?? [] }.filter { $0.manifest.startedAt.isFuture(at: facts.now) }
        if let newest = points.max(by: { $0.manifest.startedAt < $1.manifest.startedAt }) {
            let stores = facts.stores.filter { $0.holdings.value?.points.contains { $0.id == newest.id } ?? false }
            return wrong(
                Bilingual("the backup \(newest.id)", "резервная копия \(newest.id)"), newest.manifest.startedAt, facts,
                stores.map { $0.putAside(newest.id) })
        }
        guard let run = facts.service?.runs.first(where: { $0.startedAt.isFuture(at: facts.now) }) else { return nil }
        return wrong(Bilingual("the run \(run.id)", "запуск \(run.id)"), run.startedAt, facts, [])
    }

    /// - Parameter removal: takes the files of what is dated wrong out of the way.
    private static func wrong(_ witness: Bilingual, _ taken: Instant, _ facts: Examination, _ removal: [String]) -> Diagnosis {
        let look = Diagnosis.Remedy(
            "Compare the clock with another one, and set it before anything else.",
            "Сравните часы с другими и прежде всего установите их.", "date -u", "timedatectl", "timedatectl set-ntp true")
        return Diagnosis(
            .clockWrong, .warning,
            Bilingual("this host's clock is behind, or was ahead", "часы этого узла отстают или раньше спешили"),
            evidence: Bilingual(
                "\(witness.english) is of \(taken.display), and this host takes it to be \(facts.now.display)",
                "\(witness.russian): \(taken.display), а на этом узле сейчас \(facts.now.display)"),
            remedy: removal.isEmpty
                ? look
                : look.or(
                    onlyIf: "it is right now, and was wrong when that was taken", "сейчас часы верны, а тогда были неверны", removal))
    }
}
