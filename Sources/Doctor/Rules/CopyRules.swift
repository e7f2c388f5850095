import BackupCatalog
import BackupModel
import BackupReports

/// Section 3: copies whose files are lost, or are not what was stored.
struct CopyRules {
    let store: StoreCondition
    let holdings: StoreCondition.Holdings
    let others: [StoreCondition]

    var all: [Diagnosis] {
        holdings.points.flatMap { point in
            [
                point.missing.isEmpty ? nil : missing(point), point.resized.isEmpty ? nil : resized(point),
                point.condition == .verificationFailed ? doubted(point) : nil,
            ].compactMap { $0 }
        }
    }

    /// The newest backup matters most; an older one is a warning.
    private func severity(_ point: RecoveryPoint) -> Severity { point.id == holdings.points.first?.id ? .critical : .warning }

    private func missing(_ point: RecoveryPoint) -> Diagnosis {
        Diagnosis(
            .artifactMissing, severity(point),
            Bilingual(
                "files of the backup \(point.id) are missing in \(store.name)", "в \(store.name) нет файлов резервной копии \(point.id)"),
            evidence: Bilingual(quoting: point.missing.joined(separator: ", ")),
            remedy: others.sound(point.id).map { refill(from: $0.name) } ?? spoilt(point).remedy,
            subject: .init(store: store.name, point: point.id))
    }

    private func refill(from other: String) -> Diagnosis.Remedy {
        .init(
            "\(other) has them: have them copied.", "Они есть в \(other): скопируйте их оттуда.",
            "call-center-admin db sync")
    }

    private func spoilt(_ point: RecoveryPoint) -> SpoiltBackup {
        SpoiltBackup(id: point.id, store: store, others: others, isNewest: point.id == holdings.points.first?.id)
    }

    private func resized(_ point: RecoveryPoint) -> Diagnosis {
        let keys = point.resized.joined(separator: ", ")
        return damage(
            to: point, severity(point), point.resized,
            cause: Bilingual(
                "files of the backup \(point.id) in \(store.name) are not as they were stored",
                "файлы резервной копии \(point.id) в \(store.name) изменились после записи"),
            evidence: Bilingual("the size is another one: \(keys)", "другой размер: \(keys)"))
    }

    /// A verdict against a copy, which a later proof of another one would hide.
    private func doubted(_ point: RecoveryPoint) -> Diagnosis {
        let keys = point.copies.first { $0.store == store.name }?.damaged ?? point.copies.flatMap { $0.damaged ?? [] }
        let names = keys.joined(separator: ", ")
        return damage(
            to: point, .warning, keys,
            cause: Bilingual(
                "the copy of the backup \(point.id) in \(store.name) is damaged",
                "экземпляр резервной копии \(point.id) в \(store.name) повреждён"),
            evidence: Bilingual("its verification failed: \(names)", "проверка не прошла: \(names)"))
    }
}

extension CopyRules {
    private func damage(
        to point: RecoveryPoint, _ severity: Severity, _ keys: [String], cause: Bilingual, evidence: Bilingual
    ) -> Diagnosis {
        Diagnosis(
            .artifactChanged, severity, cause, evidence: evidence,
            remedy: others.sound(point.id).map { replacement(of: keys, point.id, from: $0.name) } ?? spoilt(point).remedy,
            subject: .init(store: store.name, point: point.id))
    }

    /// The sound copy is proved before the damaged one goes.
    private func replacement(of keys: [String], _ id: RecoveryPointID, from sound: String) -> Diagnosis.Remedy {
        .init(
            "\(sound) has a copy nothing bad is known of: check it; when it passes, take the damaged file away and have it copied anew.",
            "В \(sound) есть экземпляр, о котором не известно ничего плохого: проверьте его; если он цел, уберите повреждённый файл и "
                + "скопируйте его заново.",
            // What is taken away goes only when the other one has passed, also where all of this is pasted at once.
            (["call-center-admin db verify-backup \(id)"] + keys.map(store.remove)).joined(separator: " && "), "call-center-admin db sync")
    }
}
