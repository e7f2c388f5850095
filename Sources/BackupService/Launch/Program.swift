import AdminCommands
import BackupModel
import Glibc

/// There is one program, and what it does depends on the name it is called by: the other names are links to it (scripts/link-programs). Each would
/// hold the same hundred megabytes otherwise.
package enum Program: String, Sendable, CaseIterable {
    case admin = "call-center-admin"
    case service = "backup-service"
    case now = "backup-now"
    case verification = "backup-verify"

    /// - Parameter call: the name or path it was called by, argument 0. By a name of its user's own it is `call-center-admin`.
    init(calledAs call: String?) { self = Self.named(by: call) ?? .admin }

    private static func named(by call: String?) -> Program? {
        Program(rawValue: call?.split(separator: "/").last.map(String.init) ?? "")
    }

    /// What to say to whoever has called it by a name of his own and asked for nothing: a link that was to take backups would do nothing night after
    /// night, and call it done.
    static func refusal(of call: [String]) -> UsageFailure? {
        guard call.count < 2, named(by: call.first) == nil else { return nil }
        let name = call.first.map { "“\($0)”" } ?? "no name"
        let names = allCases.map(\.rawValue).joined(separator: ", ")
        return UsageFailure(
            """
            Error: called by \(name) and without arguments: what this program does depends on its name, which is one of \(names)
              See 'call-center-admin --help', or give the link one of these names.
            """)
    }

    /// The whole life of the process.
    /// - Parameter call: as it was called, its name first.
    package static func launch(_ call: [String]) async -> Never {
        if let refusal = refusal(of: call) { Glibc.exit(refusal.report(on: Session.live().console).rawValue) }
        await Program(calledAs: call.first).launch()
    }

    private func launch() async -> Never {
        switch self {
        case .admin: await CallCenterAdmin.launch()
        case .service: await ServiceCommand.launch()
        case .now: await CallCenterAdmin.launch(["db", "backup", "--follow"])
        case .verification: await CallCenterAdmin.launch(["db", "verify-backup", "--follow"])
        }
    }
}
