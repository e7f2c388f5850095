import BackupModel
import BackupReports

/// Sections 1, 5 and 6: a program that answers, and that whoever has started it finds unwell, or starts again and again.
enum ManagerRules {
    @Sendable static func all(_ facts: Examination) -> [Diagnosis] {
        Surroundings.Program.allCases.compactMap { program in
            guard answers(program, facts), let state = facts.surroundings.states[program], isUneasy(state) else { return nil }
            return finding(program, state, facts.surroundings)
        }
    }

    /// One that does not answer is told by itself, with what its manager says of it.
    private static func answers(_ program: Surroundings.Program, _ facts: Examination) -> Bool {
        switch program {
        case .postgres: facts.postgres?.server.value != nil && facts.surroundings.isHere(.postgres)
        case .redis: facts.redis?.servers.value != nil && facts.surroundings.isHere(.redis)
        case .backup: facts.process?.answer == .well
        }
    }

    /// In the words of Docker Compose and systemd.
    private static func isUneasy(_ state: String) -> Bool { ["restarting", "unhealthy", "auto-restart"].contains { state.contains($0) } }
}

extension ManagerRules {
    private static func finding(_ program: Surroundings.Program, _ state: String, _ around: Surroundings) -> Diagnosis {
        let (code, name, russian) = words(program)
        let manager = around.manager == .compose ? "docker compose" : "systemd"
        return Diagnosis(
            code, .warning, Bilingual("\(name) answers, and does not run steadily", "\(russian) отвечает, но работает неустойчиво"),
            evidence: Bilingual(quoting: "\(manager): \(state)"),
            remedy: .init(
                "See in its log why.", "Посмотрите в логе, почему.", around.logs(program)
            ).or(
                onlyIf: "what the log shows is mended, or it shows nothing", "то, что видно в логе, исправлено или в нём ничего нет",
                around.restart(program)), subject: .init(target: target(of: program)))
    }

    private static func words(_ program: Surroundings.Program) -> (DiagnosisCode, String, String) {
        switch program {
        case .postgres: (.postgresUnsteady, "PostgreSQL", "PostgreSQL")
        case .redis: (.redisUnsteady, "Redis", "Redis")
        case .backup: (.serviceUnsteady, "the backup service", "сервис резервного копирования")
        }
    }

    private static func target(of program: Surroundings.Program) -> BackupTarget? {
        switch program {
        case .postgres: .postgres
        case .redis: .redis
        case .backup: nil
        }
    }
}
