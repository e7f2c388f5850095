import BackupReports

/// No room for another client: Redis keeps none for administrators, so that nobody gets in before one of those who are there lets go.
enum RedisCrowding {
    static func cause(_ place: String) -> Bilingual {
        Bilingual("all connections of Redis at \(place) are taken", "все соединения Redis на \(place) заняты")
    }

    static func remedy(_ around: Surroundings) -> Diagnosis.Remedy {
        .init(
            "End a program that need not be connected: before that nobody is let in. Then see who the others are, and which have been idle for "
                + "long.",
            "Завершите программу, которой соединение не нужно: до этого никого не впустят. Затем посмотрите, кто остальные и кто из них давно "
                + "простаивает.",
            around.redisCLI("CLIENT LIST", as: .administrator), around.redisCLI("CONFIG GET maxclients", as: .administrator)
        ).or(
            onlyIf: "more clients are meant to be there than it lets in",
            "клиентов и должно быть больше, чем он впускает", around.redisCLI("CONFIG SET maxclients 10000", as: .administrator))
    }
}
