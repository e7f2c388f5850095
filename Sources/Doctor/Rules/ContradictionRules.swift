import BackupCatalog
import BackupModel
import BackupReports

/// Section 3: backups whose manifests in several stores do not agree. Retention keeps them, and would say why only where somebody asks it.
struct ContradictionRules {
    let store: StoreCondition
    /// Of all stores together.
    let points: [RecoveryPoint]

    /// Each is told once, of the store that says something else than most.
    var all: [Diagnosis] { points.flatMap(\.contradictions).filter { $0.otherStore == store.name }.map(contradicted) }

    private func contradicted(_ found: Contradiction) -> Diagnosis {
        let others = found.stores.joined(separator: ", ")
        return Diagnosis(
            .artifactChanged, .warning,
            Bilingual(
                "the manifests of the backup \(found.id) in \(others) and in \(store.name) do not agree",
                "манифесты резервной копии \(found.id) в \(others) и в \(store.name) противоречат друг другу"),
            evidence: found.isOfTime
                ? Bilingual("they differ on when it was taken", "в них разное время начала")
                : Bilingual("they differ on its files", "в них разные файлы"),
            remedy: .init(
                "Have both held against the files: one that is wrong is written anew. Until then retention removes nothing of this backup.",
                "Сверьте оба с файлами: неверный будет записан заново. До тех пор эта копия не удаляется по срокам хранения.",
                "call-center-admin db sync"),
            subject: .init(store: store.name, point: found.id))
    }
}
