import FoundationEssentials

/// Files of the project that are no code.
enum Repository {
    static let deploy = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "deploy").path()

    static func text(_ path: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(filePath: deploy + "/" + path)), as: UTF8.self)
    }
}
