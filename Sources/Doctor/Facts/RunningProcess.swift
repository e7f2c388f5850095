/// A process of this machine, as the kernel knows it.
package struct RunningProcess: Sendable, Equatable {
    package var id: Int32
    /// The name of its program; nil where that cannot be seen, or the process has ended and what it began holds on.
    package var program: String?
    /// How it was called, where it is one of ours: nothing secret stands in that. The words of others may hold passwords.
    package var command: String?

    package init(id: Int32, program: String? = nil, command: String? = nil) {
        self.id = id
        self.program = program
        self.command = command
    }

    /// The names our program goes by.
    package static let ours: Set<String> = ["call-center-admin", "backup-service", "backup-now", "backup-verify"]

    /// - Parameter words: as it was called; empty where that cannot be seen.
    package init(id: Int32, calledBy words: [String]) {
        let name = words.first?.split(separator: "/").last.map(String.init)
        let isOurs = name.map(Self.ours.contains) ?? false
        self.init(id: id, program: name, command: isOurs ? ([name ?? ""] + words.dropFirst()).joined(separator: " ") : nil)
    }

    package var isOurs: Bool { command != nil }
}

/// A session of PostgreSQL, as far as the role that looks may see it.
package struct LockSession: Sendable, Equatable {
    /// The server's process.
    package var process: String
    package var role: String?
    package var application: String?
    package var address: String?
    /// In UTC.
    package var since: String?

    package init(process: String, role: String? = nil, application: String? = nil, address: String? = nil, since: String? = nil) {
        self.process = process
        self.role = role
        self.application = application
        self.address = address
        self.since = since
    }
}
