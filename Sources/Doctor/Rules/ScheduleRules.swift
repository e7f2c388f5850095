import BackupModel
import BackupReports

/// Section 1: where no backup is scheduled none is ever late, however old the newest one has become.
enum ScheduleRules {
    /// Who has something else begin backups does so every day, as a rule.
    private static let limit = Duration.seconds(48 * 3600)

    static func all(_ facts: Examination) -> [Diagnosis] {
        // Without the history nothing is known of what has been saved; what has never been saved is told by itself. Beside a partner it is the stores
        // that know what he has saved.
        guard let service = facts.service, facts.history == nil, service.schedule.next == nil, facts.underWay.isEmpty,
            let oldest = service.targets.compactMap({ service.lastSuccess(of: $0) }).min(), facts.now - oldest > limit
        else { return [] }
        return [missing(service, age: facts.now - oldest, facts)]
    }

    private static func missing(_ service: ServiceFacts, age: Duration, _ facts: Examination) -> Diagnosis {
        // Where the service itself looks it is not asked.
        let isServed = facts.process?.isExpected ?? true
        let schedule = service.schedule.expression
        return Diagnosis(
            .scheduleMissing, isServed ? .critical : .warning,
            Bilingual("no backup is scheduled, and the newest one is old", "расписание не задано, а последний backup старый"),
            evidence: Bilingual(
                "BACKUP_SCHEDULE is \(schedule); the last success was \(age.briefly) ago",
                "BACKUP_SCHEDULE: \(schedule); последний успешный backup был \(age.inRussian) назад"),
            remedy: remedy(facts))
    }

    private static func remedy(_ facts: Examination) -> Diagnosis.Remedy {
        let files = facts.configuration.files.joined(separator: ", ")
        let (place, placeInRussian) = files.isEmpty ? ("", "") : (" in \(files)", " в \(files)")
        return .init(
            "See who is to begin backups, and take one now.", "Узнайте, кто должен запускать backup, и сделайте копию сейчас.",
            "call-center-admin config show", "call-center-admin db backup"
        ).or(
            onlyIf: "the service is to begin them, and BACKUP_SCHEDULE (such as `0 2 * * *`) is set again\(place)",
            "запускать должен сервис и BACKUP_SCHEDULE (например, `0 2 * * *`) снова задан\(placeInRussian)",
            facts.surroundings.renewService(inEnvironment: files.isEmpty))
    }
}
