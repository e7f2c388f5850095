import BackupModel
import Glibc
import Subprocess
import SystemPackage

/// A unit of systemd on this machine.
struct SystemdUnit: Sendable {
    let name: String
    /// Where systemctl is looked for.
    let path: String?

    /// Returns when systemd says that it runs: for one that tells when it is ready, as ours does, that is when it is.
    /// - Throws: `.failed` with what systemctl says, or where there is none.
    func start() async throws {
        guard let systemctl else {
            throw BackupError(.failed, "there is no systemctl to start \(name) with", hint: "Start the service as it is started here.")
        }
        let result = try await Subprocess.run(
            .path(FilePath(systemctl)), arguments: ["start", name], output: .discarded, error: .string(limit: 64 << 10))
        guard result.terminationStatus.isSuccess else {
            let said = result.standardError.split(whereSeparator: \.isNewline).joined(separator: " ")
            throw BackupError(
                .failed, "systemctl could not start \(name)\(said.isEmpty ? "" : ": \(said)")",
                hint: "See its log: `journalctl -u \(name) -n 100 --no-pager`.")
        }
    }

    private var systemctl: String? {
        (path ?? "/usr/bin:/bin").split(separator: ":").map { "\($0)/systemctl" }.first { access($0, X_OK) == 0 }
    }
}
