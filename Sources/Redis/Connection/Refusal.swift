import BackupModel

/// A server's refusal in the operator's terms: which code, and what to do.
struct Refusal {
    let error: BackupError

    /// - Parameters:
    ///   - refused: kinds are those of Redis' and Valkey's `server.c` ("shared" error replies).
    ///   - doing: what was asked for, without secrets: "AUTH", "PSYNC".
    init(_ refused: RedisError, by server: RedisEndpoint, doing: String) {
        let (code, words, hint) = Self.meaning(of: refused, doing, server)
        error = BackupError(code, "Redis at \(server) \(words): \(refused)", hint: hint, cause: refused)
    }

    private typealias Meaning = (code: BackupError.Code, words: String, hint: String?)

    private static func meaning(of refused: RedisError, _ doing: String, _ server: RedisEndpoint) -> Meaning {
        if let meaning = access(refused, doing, server) ?? availability(refused) ?? condition(refused, doing) { return meaning }
        return (.failed, "refused \(doing)", nil)
    }

    /// Who we are and what we may do.
    private static func access(_ refused: RedisError, _ doing: String, _ server: RedisEndpoint) -> Meaning? {
        let user = server.login?.user ?? "default"
        switch refused.kind {
        case "NOAUTH":
            return (
                .authenticationFailed, "asks for authentication", "Put user and password into REDIS_URL: redis://USER:PASSWORD@HOST:PORT."
            )
        case "WRONGPASS":
            return (
                .authenticationFailed, "denied the authentication of user \(user)",
                "Check user and password in REDIS_URL; ACL LIST on the server shows the users there are."
            )
        case "NOPERM":
            return (
                .permissionDenied, "denied the user \(user) permission for \(doing)",
                "Grant what a backup needs: ACL SETUSER \(user) on +@connection +info +role +psync +replconf +ping +config|get +cluster."
            )
        case "DENIED":
            return (
                .authenticationFailed, "denied the connection, as it runs in protected mode without a password",
                "Set a password there (requirepass or ACL SETUSER), or connect from the machine it runs on."
            )
        default: return wrongAuthentication(refused, doing)
        }
    }

    /// Refusals of AUTH that carry no code of their own.
    private static func wrongAuthentication(_ refused: RedisError, _ doing: String) -> Meaning? {
        guard doing == "AUTH" else { return nil }
        let hint =
            refused.message.contains("without any password")
            ? "The server has no password for this user: take it out of REDIS_URL, or set one there."
            : "Servers before Redis 6 know no users: leave the user out of REDIS_URL (redis://:PASSWORD@HOST)."
        return (.authenticationFailed, "denied the authentication", hint)
    }

    /// Servers that cannot serve now.
    private static func availability(_ refused: RedisError) -> Meaning? {
        switch refused.kind {
        case "LOADING":
            (
                .sourceUnreachable, "is still loading its data",
                "Wait until INFO persistence says loading:0, then run the command again."
            )
        case "MASTERDOWN", "NOMASTERLINK":
            (
                .sourceUnreachable, "is a replica that has lost its primary",
                "Mend the replication (INFO replication there says master_link_status), or back up the primary itself."
            )
        case "CLUSTERDOWN":
            (
                .sourceUnreachable, "belongs to a cluster that is down",
                "redis-cli --cluster check HOST:PORT says which slots or nodes are missing."
            )
        case "BUSY":
            (.sourceUnreachable, "is busy with a script", "Wait for the script, or end it with SCRIPT KILL (FUNCTION KILL).")
        case _ where refused.message.hasPrefix("max number of clients"):
            (.sourceUnreachable, "has no room for another client", "Raise maxclients there, or close what CLIENT LIST shows to be idle.")
        default: nil
        }
    }

    /// Servers that could, if something about them were otherwise.
    private static func condition(_ refused: RedisError, _ doing: String) -> Meaning? {
        switch refused.kind {
        case "MISCONF":
            (
                .failed, "cannot save its own snapshots and refuses writes",
                "Its log says why (a full disk, a forbidden folder); mend that or CONFIG SET stop-writes-on-bgsave-error no."
            )
        case "OOM": (.failed, "has reached maxmemory", "Raise maxmemory or free memory there.")
        case "READONLY": (.failed, "is a replica and takes no writes", "Name the primary in REDIS_URL.")
        case "MOVED", "ASK":
            (.failed, "belongs to a cluster and sent us to another node", "Name the cluster in REDIS_URL: redis+cluster://HOST:PORT.")
        case "ERR" where refused.message.lowercased().hasPrefix("unknown command"):
            (
                .permissionDenied, "denied \(doing), as it does not know the command",
                "Managed services take away PSYNC, and rename-command can: ask for permission there, or back up a replica of your own."
            )
        default: nil
        }
    }
}
