import Glibc
package import SystemPackage

extension PostgresInstallation {
    /// Puts the files of an extension where `CREATE EXTENSION` finds them, when this copy of PostgreSQL may be written to.
    package func addExtension(from folder: FilePath) async throws {
        let share = try await Command(programs.appending("pg_config").string, ["--sharedir"]).output().dropLast()
        guard access("\(share)/extension", W_OK) == 0 else { return }
        try await Command("cp", ["-rT", folder.string, "\(share)/extension"]).output()
    }
}
