import BackupModel
import Doctor
import Postgres
import Redis

extension Trouble {
    /// Libraries' messages come in several lines.
    fileprivate init(_ kind: Kind, _ error: BackupError) {
        self.init(kind, "\(error)".split(whereSeparator: \.isWhitespace).joined(separator: " "), hint: error.hint)
    }

    /// What a refusal of PostgreSQL is, by its SQLSTATE (documentation, "PostgreSQL Error Codes"), else by what libpq says in English.
    static func ofPostgres(_ error: BackupError) -> Trouble {
        if let obstacle = error.obstacle { return Trouble(Kind(obstacle), error) }
        let text = "\(error)"
        let kind: Kind =
            switch error.sqlState {
            case "28P01": .credentials
            // Whatever language the server speaks, it names the file.
            case "28000": text.contains("pg_hba.conf") ? .accessRules : .roleRefused
            case "3D000": .databaseMissing
            case "42501": .denied
            case "53300": .crowded
            case "57P01", "57P02", "57P03": .notReady
            default: ofUnreachable(error, text)
            }
        return Trouble(kind, error)
    }

    private static func ofUnreachable(_ error: BackupError, _ text: String) -> Kind {
        if error.code == .authenticationFailed { return .credentials }
        if error.code == .versionMismatch { return .invalid }
        if error.code == .permissionDenied { return .denied }
        if error.code == .stalled || text.contains("in time") { return .silent }
        if text.contains("could not translate host name") { return .unknownHost }
        return text.contains("Connection refused") || text.contains("No such file or directory") ? .notListening : .other
    }

    /// What a refusal of Redis is, by its first word; one that has none of its own by its message.
    static func ofRedis(_ error: BackupError) -> Trouble {
        let refusal = error.cause as? RedisError
        let kind: Kind =
            switch refusal?.kind {
            case "NOAUTH", "WRONGPASS": .credentials
            case "DENIED": .accessRules
            case "NOPERM": .denied
            case "LOADING": .notReady
            case "ERR" where refusal?.message.hasPrefix("max number of clients") == true: .crowded
            default: ofUnreachableRedis(error)
            }
        return Trouble(kind, error)
    }

    private static func ofUnreachableRedis(_ error: BackupError) -> Kind {
        if error.code == .authenticationFailed { return .credentials }
        if error.code == .permissionDenied { return .denied }
        if error.code == .stalled { return .silent }
        return error.obstacle.map { Kind($0) } ?? .other
    }

    /// What a store's refusal is.
    static func ofStore(_ error: BackupError) -> Trouble {
        if let obstacle = error.obstacle { return Trouble(Kind(obstacle), error) }
        let kind: Kind =
            switch error.code {
            case .stalled: .silent
            case .storeReadOnly: .readOnly
            case .outOfSpace: .full
            case .artifactMissing: .folderMissing
            case .invalidConfiguration: .credentials
            default: .other
            }
        return Trouble(kind, error)
    }

    /// What needs no telling apart.
    static func plain(_ error: BackupError) -> Trouble { Trouble(error.code == .permissionDenied ? .denied : .other, error) }
}

extension Trouble.Kind {
    fileprivate init(_ obstacle: BackupError.Obstacle) {
        self =
            switch obstacle {
            case .unreachable: .notListening
            case .unknownHost: .unknownHost
            case .silent: .silent
            case .credentials: .credentials
            case .denied: .denied
            case .bucketMissing: .bucketMissing
            case .folderMissing: .folderMissing
            case .clock: .clock
            case .region: .region
            case .databaseClosed: .databaseClosed
            }
    }
}
