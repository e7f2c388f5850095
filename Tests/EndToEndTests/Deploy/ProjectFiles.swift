import BackupTestKit
import SystemPackage
import Testing

/// Files of the project that are no code, and what may stand in them.
enum ProjectFiles {
    static let root = FilePath(#filePath).removingLastComponent().removingLastComponent().removingLastComponent().removingLastComponent()

    static func path(_ file: String) -> String { root.appending(file).string }

    static func text(_ file: String) async throws -> String { try await Command("cat", [path(file)]).output() }

    static func names(in folder: String) async throws -> [String] {
        try await Command("ls", [path(folder)]).output().split(separator: "\n").map(String.init)
    }

    /// The names of `NAME=value` lines, also of those that are commented out, with their values.
    static func assignments(_ text: String) -> [(name: String, value: String)] {
        text.split(separator: "\n").compactMap { line in
            line.firstMatch(of: /^(?:# )?([A-Z][A-Z0-9_]*)=(.*)$/).map { (String($0.1), String($0.2)) }
        }
    }

    /// What `config show` prints: every setting there is.
    static func settings() async throws -> String {
        try await Command(AdminProgram.path, ["config", "show"], environment: ["BACKUP_ENV_FILE": "/dev/null"]).output()
    }

    /// Whether whoever reads the value of such a name gets in somewhere. A path is none.
    static func isSecret(_ name: String) -> Bool {
        !name.hasSuffix("FILE") && name.firstMatch(of: /PASSWORD|TOKEN|SECRET|_KEY|ROUTING|CREDENTIAL/) != nil
    }
}
