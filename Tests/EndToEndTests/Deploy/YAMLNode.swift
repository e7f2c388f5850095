import BackupTestKit
import Foundation
import Testing

/// A place in a YAML file, as PyYAML reads it, which is not ours. What is not there is a place without anything.
struct YAMLNode {
    private let value: Any?

    subscript(_ key: String) -> YAMLNode { YAMLNode(value: (value as? [String: Any])?[key]) }

    var text: String? { value as? String }
    var number: Int? { value as? Int }
    var flag: Bool? { value as? Bool }
    var isThere: Bool { value != nil && !(value is NSNull) }
    var items: [YAMLNode] { (value as? [Any] ?? []).map { YAMLNode(value: $0) } }
    var texts: [String] { value as? [String] ?? [] }
    var fields: [String: YAMLNode] { (value as? [String: Any] ?? [:]).mapValues { YAMLNode(value: $0) } }
}

extension YAMLNode {
    /// The documents of a file of the project. Needs python3-yaml.
    static func documents(_ path: String) async throws -> [YAMLNode] {
        let script = "import json, sys, yaml; json.dump(list(yaml.safe_load_all(open(sys.argv[1]))), sys.stdout)"
        let outcome = try await Command("python3", ["-c", script, ProjectFiles.path(path)]).outcome()
        if outcome.errors.contains("No module named 'yaml'") { try requireProgram("PyYAML", package: "python3-yaml") }
        try #require(outcome.status == 0, "\(outcome.errors)")
        return try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [Any]).map { YAMLNode(value: $0) }
    }

    static func document(_ path: String) async throws -> YAMLNode {
        try #require(try await documents(path).first)
    }
}
