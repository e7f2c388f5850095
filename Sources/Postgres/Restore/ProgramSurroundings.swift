import Subprocess

/// As whom and in what environment a client program runs.
package struct ProgramSurroundings: Sendable {
    /// From a command line to the one that is run for it.
    let commandLine: @Sendable (_ command: [String]) -> [String]
    /// Whether the programs run as another account than this process: what only we may read has to be handed to them.
    package let isOtherAccount: Bool
    /// Nil: ours.
    private let environment: [Environment.Key: String]?

    /// As ourselves, with everything libpq finds in our environment.
    package static let ours = ProgramSurroundings(isOtherAccount: false, environment: nil) { $0 }

    init(isOtherAccount: Bool, environment: [Environment.Key: String]?, commandLine: @escaping @Sendable ([String]) -> [String]) {
        self.isOtherAccount = isOtherAccount
        self.environment = environment
        self.commandLine = commandLine
    }

    /// With the secrets that a program's arguments must not show.
    func environment(for target: ConnectionTarget) -> Environment {
        guard let environment else { return target.programEnvironment }
        let secrets = target.secretEnvironment.map { (Environment.Key(stringLiteral: $0.key), $0.value) }
        return .custom(environment.merging(secrets) { $1 })
    }
}
