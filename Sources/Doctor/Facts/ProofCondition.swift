/// Whether backups can be proved by restore on this host.
package struct ProofCondition: Sendable, Equatable {
    /// The folder of the server's own programs.
    package var programs: Known<String>
    /// Extensions of the databases that cannot be made in a server of ours.
    package var missingExtensions: [String]

    package init(programs: Known<String>, missingExtensions: [String] = []) {
        self.programs = programs
        self.missingExtensions = missingExtensions
    }
}
