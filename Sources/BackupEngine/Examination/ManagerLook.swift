import BackupModel
import Doctor
import FoundationEssentials
import Subprocess
import SystemPackage

/// What Docker Compose or systemd say of the programs they have started, where they can be asked.
struct ManagerLook: Sendable {
    let around: Surroundings
    let context: RunContext

    /// - Returns: as they word it: `exited (137)`, `failed (exit-code)`; nothing of what they do not know.
    /// - Throws: what keeps the program from being run.
    func states() async throws -> [Surroundings.Program: String] {
        let said =
            switch around.manager {
            case .compose: Self.composed(try await output(of: "docker", ["compose", "ps", "--all", "--format", "json"]))
            case .systemd:
                Self.shown(try await output(of: "systemctl", ["show", "--property=Id,LoadState,ActiveState,SubState,Result"] + names))
            case .bare: [:] as [String: String]
            }
        let pairs = Surroundings.Program.allCases.compactMap { program in said[around.name(of: program)].map { (program, $0) } }
        return Dictionary(uniqueKeysWithValues: pairs)
    }

    private var names: [String] { Surroundings.Program.allCases.map(around.name(of:)) }

    /// Empty where there is no such program, or it may not say.
    private func output(of name: String, _ arguments: [String]) async throws -> String {
        guard let program = HostProgram(name, in: context.environment["PATH"]) else { return "" }
        let result = try await Subprocess.run(
            program.executable, arguments: Arguments(arguments), workingDirectory: FilePath(context.currentFolder),
            output: .string(limit: 256 << 10), error: .discarded)
        return result.terminationStatus.isSuccess ? result.standardOutput : ""
    }
}

extension ManagerLook {
    private struct Container: Decodable {
        var service: String
        var state: String
        var health: String?
        var exitCode: Int?

        private enum CodingKeys: String, CodingKey {
            case service = "Service"
            case state = "State"
            case health = "Health"
            case exitCode = "ExitCode"
        }

        var words: String {
            if state == "exited" { return "exited (\(exitCode ?? 0))" }
            return health.map { $0.isEmpty ? state : "\(state) (\($0))" } ?? state
        }
    }

    /// One object a line, as from 2.21 on; a list before.
    static func composed(_ text: String) -> [String: String] {
        let decoder = JSONDecoder()
        let list = try? decoder.decode([Container].self, from: Data(text.utf8))
        let containers = list ?? text.split(separator: "\n").compactMap { try? decoder.decode(Container.self, from: Data($0.utf8)) }
        return Dictionary(containers.map { ($0.service, $0.words) }, uniquingKeysWith: { first, _ in first })
    }

    /// A unit a paragraph, by its name without `.service`.
    static func shown(_ text: String) -> [String: String] {
        var states: [String: String] = [:]
        for paragraph in text.split(separator: "\n\n") {
            let lines = paragraph.split(separator: "\n").map { $0.split(separator: "=", maxSplits: 1).map(String.init) }
            let values = Dictionary(lines.filter { $0.count == 2 }.map { ($0[0], $0[1]) }, uniquingKeysWith: { first, _ in first })
            guard let id = values["Id"], values["LoadState"] == "loaded", let state = values["ActiveState"] else { continue }
            let detail = state == "failed" ? values["Result"] : values["SubState"]
            states[id.replacing(".service", with: "")] = detail.map { "\(state) (\($0))" } ?? state
        }
        return states
    }
}
