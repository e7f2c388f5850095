import Glibc

/// Who runs the servers of the tests: PostgreSQL refuses root, so root hands over to an account without privileges.
struct ProcessOwner: Sendable {
    let name: String
    let user: uid_t
    let group: gid_t

    /// The account to hand over to, or nil when the tests themselves run without privileges.
    static let unprivileged: ProcessOwner? = {
        guard geteuid() == 0 else { return nil }
        return ["postgres", "nobody"].lazy.compactMap(ProcessOwner.init(named:)).first
    }()

    private init?(named name: String) {
        guard let entry = getpwnam(name) else { return nil }
        self.name = name
        user = entry.pointee.pw_uid
        group = entry.pointee.pw_gid
    }

    /// What stands before a command line so that it runs as the account.
    var prefix: [String] { ["setpriv", "--reuid=\(user)", "--regid=\(group)", "--clear-groups"] }
}
