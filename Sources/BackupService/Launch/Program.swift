import AdminCommands

/// There is one program, and what it does depends on the name it is called by: the other names are links to it (scripts/link-programs). Each would
/// hold the same hundred megabytes otherwise.
package enum Program: String, Sendable, CaseIterable {
    case admin = "call-center-admin"
    case service = "backup-service"
    case now = "backup-now"
    case verification = "backup-verify"

    /// - Parameter call: the name or path it was called by, argument 0. By a name of its user's own it is `call-center-admin`.
    package init(calledAs call: String?) {
        self = Program(rawValue: call?.split(separator: "/").last.map(String.init) ?? "") ?? .admin
    }

    /// The whole life of the process.
    package func launch() async -> Never {
        switch self {
        case .admin: await CallCenterAdmin.launch()
        case .service: await ServiceCommand.launch()
        case .now: await CallCenterAdmin.launch(["db", "backup", "--follow"])
        case .verification: await CallCenterAdmin.launch(["db", "verify-backup", "--follow"])
        }
    }
}
