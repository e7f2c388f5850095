import BackupModel
import ScratchServers

/// The one way into a scratch server.
struct ScratchLogin: Sendable {
    let user = "scratch_" + Self.random(words: 1)
    let password = Secret(Self.random(words: 3))

    private static func random(words: Int) -> String {
        (0..<words).map { _ in
            let text = String(UInt64.random(in: .min ... .max), radix: 16)
            return String(repeating: "0", count: 16 - text.count) + text
        }
        .joined()
    }

    /// Everything is said here: variables of our environment such as `PGOPTIONS` are meant for the source.
    func target(in folder: ScratchFolder) -> ConnectionTarget {
        var keywords = [
            "host": folder.home, "port": "5432", "user": user, "dbname": "postgres", "sslmode": "disable", "gssencmode": "disable",
            "channel_binding": "disable", "target_session_attrs": "any",
            // What goes wrong in a session is told to the session; the log's end is for what befalls the server.
            "options": "-c log_min_messages=panic",
        ]
        // The server has to run as the account that owns the folder, or it is not ours.
        if Int(folder.account.name) == nil { keywords["requirepeer"] = folder.account.name }
        return ConnectionTarget(keywords: keywords).withPassword(password)
    }
}
