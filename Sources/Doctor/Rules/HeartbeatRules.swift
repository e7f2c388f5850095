import BackupModel
import BackupReports

/// Section 1: whether whoever listens for the heartbeat has heard of the last backup. Of one that is still on its way the channels tell.
enum HeartbeatRules {
    /// Longer than the service takes to notice that a backup has ended.
    private static let patience = Duration.seconds(600)

    @Sendable static func all(_ facts: Examination) -> [Diagnosis] {
        guard let heartbeat = facts.heartbeat, let service = facts.service, facts.history == nil else { return [] }
        if let failure = heartbeat.delivery?.failure { return [refused(failure)] }
        guard let run = Heartbeat.newest(service), run.id != heartbeat.seen, let end = run.finishedAt, facts.now - end > patience else {
            return []
        }
        return [missing(run, heartbeat.delivery, facts.surroundings)]
    }

    private static func refused(_ failure: String) -> Diagnosis {
        Diagnosis(
            .heartbeatRefused, .warning,
            Bilingual("the last heartbeat was not taken", "последний heartbeat не принят"), evidence: Bilingual(quoting: failure),
            remedy: .init(
                "Put the right address into BACKUP_HEARTBEAT_URL, restart the service, and see whether a test gets through; the next backup "
                    + "ends this.",
                "Укажите верный адрес в BACKUP_HEARTBEAT_URL, перезапустите сервис и проверьте, доходит ли тестовый; следующий backup это "
                    + "исправит.",
                "call-center-admin alert test", "call-center-admin db backup"))
    }

    /// The service alone sends them, whoever has taken the backup.
    private static func missing(_ run: RunRecord, _ last: HeartbeatFacts.Delivery?, _ around: Surroundings) -> Diagnosis {
        let evidence = last.map { last in
            Bilingual(
                "\(run.id) was not told; the last was \(last.run), at \(last.at)",
                "о \(run.id) не сообщено; последний: \(last.run), \(last.at)")
        }
        return Diagnosis(
            .heartbeatMissing, .warning,
            Bilingual("nobody has sent a heartbeat for the last backup", "о последней копии не отправлен heartbeat"),
            evidence: evidence ?? Bilingual("\(run.id) was not told, nor any before", "о \(run.id) не сообщено, и о прежних тоже"),
            remedy: .init(
                "The service sends it: start it, then see what it says.",
                "Его отправляет сервис: запустите его и посмотрите, что он пишет.", around.start(.backup), around.logs(.backup)))
    }
}
