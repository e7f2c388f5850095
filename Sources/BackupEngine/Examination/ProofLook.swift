import BackupModel
import BackupReports
import Doctor
import Glibc
import Postgres
import ScratchServers

/// Whether backups can be proved by restore on this host: the server's own programs, and the extensions of its databases.
struct ProofLook: Sendable {
    let configuration: BackupConfiguration
    let looking: Looking

    /// - Returns: nil where they are not restored for a proof, or the server's release is not known.
    func callAsFunction(_ postgres: PostgresCondition) async -> ProofCondition? {
        guard configuration.verification.policy.restores, let major = postgres.server.value?.major else { return nil }
        let programs: Known<String> = await looking.at(
            Bilingual("the programs of PostgreSQL", "программы PostgreSQL"), explaining: Trouble.plain
        ) {
            do {
                return try await ServerPrograms.find(
                    major: major, preferred: configuration.programFolder, path: configuration.searchPath
                ).folder
            } catch let unavailable as ScratchUnavailable {
                throw BackupError(.versionMismatch, unavailable.reason, hint: unavailable.hint)
            }
        }
        guard let folder = programs.value, let extensions = Self.extensionFolder(of: folder, major) else {
            return ProofCondition(programs: programs)
        }
        let needed = postgres.databases.flatMap { $0.contents.value?.extensions ?? [] }.withoutRepetitions
        return ProofCondition(programs: programs, missingExtensions: needed.filter { access("\(extensions)/\($0).control", R_OK) != 0 })
    }

    /// Debian keeps it apart from the programs, everybody else beside them.
    private static func extensionFolder(of programs: String, _ major: Int) -> String? {
        let beside = ["\(programs)/../share/extension", "\(programs)/../share/postgresql/extension"]
        return (beside + ["/usr/share/postgresql/\(major)/extension"]).first { access("\($0)/plpgsql.control", R_OK) == 0 }
    }
}

extension PostgresCondition.Server {
    fileprivate var major: Int? { Int(version.prefix { $0.isNumber }) }
}
