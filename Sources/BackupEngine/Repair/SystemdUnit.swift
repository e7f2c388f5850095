import BackupModel

/// A unit of systemd on this machine.
struct SystemdUnit: Sendable {
    let name: String
    /// Where systemctl is looked for.
    let path: String?

    /// Returns when systemd says that it runs: for one that tells when it is ready, as ours does, that is when it is.
    /// - Throws: `.failed` with what systemctl says, or where there is none.
    func start() async throws {
        guard let systemctl = HostProgram("systemctl", in: path) else {
            throw BackupError(.failed, "there is no systemctl to start \(name) with", hint: "Start the service as it is started here.")
        }
        if let said = try await systemctl.complaint(doing: ["start", name]) {
            throw BackupError(
                .failed, "systemctl could not start \(name)\(said.isEmpty ? "" : ": \(said)")",
                hint: "See its log: `journalctl -u \(name) -n 100 --no-pager`.")
        }
    }
}
