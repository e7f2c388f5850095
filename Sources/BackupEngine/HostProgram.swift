import Glibc
import Subprocess
import SystemPackage

/// A program of this machine, found as a shell finds it.
struct HostProgram: Sendable {
    let path: String

    /// - Parameter folders: as `PATH` lists them; nil: the usual ones.
    /// - Returns: nil where none of them has it.
    init?(_ name: String, in folders: String?) {
        let paths = (folders ?? "/usr/bin:/bin").split(separator: ":").map { "\($0)/\(name)" }
        guard let path = paths.first(where: { access($0, X_OK) == 0 }) else { return nil }
        self.path = path
    }

    var executable: Executable { .path(FilePath(path)) }

    /// Has it do something.
    /// - Parameter folder: where; nil: in the folder of this process.
    /// - Returns: nil where it did; else what it said, in one line, which may be nothing.
    func complaint(doing arguments: [String], in folder: String? = nil) async throws -> String? {
        let result = try await Subprocess.run(
            executable, arguments: Arguments(arguments), workingDirectory: folder.map { FilePath($0) }, output: .discarded,
            error: .string(limit: 64 << 10))
        guard !result.terminationStatus.isSuccess else { return nil }
        return result.standardError.split(whereSeparator: \.isNewline).joined(separator: " ")
    }
}
