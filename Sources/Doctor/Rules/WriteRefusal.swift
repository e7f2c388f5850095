import BackupModel
import BackupReports

/// A bucket that can be listed and takes nothing from us. Whoever only looks cannot try that: it is told by what the last run came to.
struct WriteRefusal {
    private let store: StoreCondition
    /// What the store said.
    private let words: String

    /// Nil where the last run that wrote to the store was not refused by it, or it is a folder, whose rights can be looked at.
    init?(_ store: StoreCondition, _ facts: Examination) {
        guard store.kind != .folder, let run = facts.service?.runs.first(where: { $0.writes && !$0.isUnderWay }) else { return nil }
        let failures = [run.failure].compactMap { $0 } + run.outcomes.compactMap(\.failure)
        let said = failures.lazy.compactMap { Self.denial(in: $0, by: store.name) }.first
        guard let said, let place = said.firstRange(of: store.name) else { return nil }
        self.store = store
        words = String(said[place.lowerBound...])
    }

    /// The sentence that tells of it. Records of versions before say it in words alone.
    private static func denial(in failure: RunFailure, by store: String) -> String? {
        let sentences = failure.sentences.filter { $0.contains(store) }
        let denying = sentences.first(where: saysDenied)
        guard let isDenied = failure.isDenial(by: store) else { return denying }
        return isDenied ? denying ?? sentences.first : nil
    }

    /// As `S3Failure` and `GCSRefusal` word it.
    private static func saysDenied(_ text: String) -> Bool { ["access denied", "permission denied"].contains { text.contains($0) } }

    func diagnosis(_ severity: Severity) -> Diagnosis {
        Diagnosis(
            .storeDenied, severity, Bilingual("\(store.name) does not let us write", "\(store.name) не даёт нам писать"),
            evidence: Bilingual("in the last run: \(words)", "в последнем запуске: «\(words)»"),
            remedy: .init(
                "Grant what the message names; when the check passes, give it the backups it lacks.",
                "Выдайте права, названные в сообщении; когда проверка пройдёт, скопируйте недостающее.", "call-center-admin storage check",
                "call-center-admin db sync"),
            subject: .init(store: store.name))
    }
}

extension RunRecord {
    /// Whether such a run gives stores what they lack.
    fileprivate var writes: Bool { kind == .backup || kind == .sync }
}

extension RunFailure {
    /// What is told of a run that failed in several places, one by one.
    fileprivate var sentences: [String] { ([message] + others).flatMap { $0.split(separator: "; ") }.map(String.init) }
}
