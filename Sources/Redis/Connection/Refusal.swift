import BackupModel

/// A server's refusal in the operator's terms: which code, and what to do.
struct Refusal {
    let error: BackupError

    /// - Parameter doing: what was asked for, without secrets: "AUTH", "PSYNC".
    init(_ refused: RedisError, by server: RedisEndpoint, doing: String) {
        let meaning = Self.meanings[refused.kind] ?? Self.meaning(of: refused.message, doing) ?? Meaning(.failed, "refused DOING", nil)
        let spoken = { (text: String) in
            text.replacing("DOING", with: doing).replacing(/\bUSER\b/, with: server.login?.user ?? "default")
        }
        error = BackupError(
            meaning.code, "Redis at \(server) \(spoken(meaning.words)): \(refused)", hint: meaning.hint.map(spoken), cause: refused)
    }

    /// In the texts USER stands for who we are there and DOING for what was refused.
    private struct Meaning {
        let code: BackupError.Code
        let words: String
        let hint: String?

        init(_ code: BackupError.Code, _ words: String, _ hint: String?) {
            self.code = code
            self.words = words
            self.hint = hint
        }
    }

    /// By the first word of the reply (Redis and Valkey, `server.c`, `createSharedObjects`).
    private static let meanings: [String: Meaning] = [
        "NOAUTH": Meaning(
            .authenticationFailed, "asks for authentication", "Put user and password into REDIS_URL: redis://NAME:PASSWORD@HOST:PORT."),
        "WRONGPASS": Meaning(
            .authenticationFailed, "denied the authentication of user USER",
            "Check user and password in REDIS_URL; ACL LIST on the server shows the users there are."),
        "NOPERM": Meaning(
            .permissionDenied, "denied the user USER permission for DOING",
            "Grant what a backup needs: ACL SETUSER USER on +psync +replconf +ping +info +role +config|get +acl|whoami +acl|dryrun +cluster."
        ),
        "DENIED": Meaning(
            .authenticationFailed, "denied the connection, as it runs in protected mode without a password",
            "Set a password there (requirepass or ACL SETUSER), or connect from the machine it runs on."),
        "LOADING": Meaning(
            .sourceUnreachable, "is still loading its data", "Wait until INFO persistence says loading:0, then run the command again."),
        "MASTERDOWN": lostItsPrimary,
        "NOMASTERLINK": lostItsPrimary,
        "CLUSTERDOWN": Meaning(
            .sourceUnreachable, "belongs to a cluster that is down",
            "redis-cli --cluster check HOST:PORT says which slots or nodes are missing."),
        "BUSY": Meaning(.sourceUnreachable, "is busy with a script", "Wait for the script, or end it with SCRIPT KILL (FUNCTION KILL)."),
        "MISCONF": Meaning(
            .failed, "cannot save its own snapshots and refuses writes",
            "Its log says why (a full disk, a forbidden folder); mend that or CONFIG SET stop-writes-on-bgsave-error no."),
        "OOM": Meaning(.failed, "has reached maxmemory", "Raise maxmemory or free memory there."),
        "READONLY": Meaning(.failed, "is a replica and takes no writes", "Name the primary in REDIS_URL."),
        "MOVED": anotherNode,
        "ASK": anotherNode,
    ]

    private static let lostItsPrimary = Meaning(
        .sourceUnreachable, "is a replica that has lost its primary",
        "Mend the replication (INFO replication there says master_link_status), or back up the primary itself.")
    private static let anotherNode = Meaning(
        .failed, "belongs to a cluster and sent us to another node", "Name the cluster in REDIS_URL: redis+cluster://HOST:PORT.")

    /// Refusals that carry no word of their own, only `ERR`.
    private static func meaning(of message: String, _ doing: String) -> Meaning? {
        if message.hasPrefix("max number of clients") {
            return Meaning(
                .sourceUnreachable, "has no room for another client", "Raise maxclients there, or close what CLIENT LIST shows to be idle.")
        }
        if message.lowercased().hasPrefix("unknown command") {
            return Meaning(
                .permissionDenied, "denied DOING, as it does not know the command",
                "Managed services take away PSYNC, and rename-command can: ask for permission there, or back up a replica of your own.")
        }
        guard doing == "AUTH" else { return nil }
        let isNeedless = message.contains("without any password")
        return Meaning(
            .authenticationFailed, "denied the authentication",
            isNeedless
                ? "The server has no password for this user: take it out of REDIS_URL, or set one there."
                : "Servers before Redis 6 know no users: leave the user out of REDIS_URL (redis://:PASSWORD@HOST).")
    }
}
