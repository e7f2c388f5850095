import Subprocess

extension ConnectionTarget {
    /// The environment that PostgreSQL's client programs are started in: ours, and the secrets their arguments must not show.
    var programEnvironment: Environment {
        let secrets = secretEnvironment.map { (Environment.Key(stringLiteral: $0.key), $0.value as String?) }
        return .inherit.updating(Dictionary(uniqueKeysWithValues: secrets))
    }
}
