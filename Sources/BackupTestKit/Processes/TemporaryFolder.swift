import Glibc
package import SystemPackage

/// A folder of its own for one test, gone when the test is.
package struct TemporaryFolder: Sendable {
    package let path: FilePath

    /// Makes `/tmp/<prefix>-XXXXXX` (or under `TMPDIR`), readable for servers that run as another account.
    package init(prefix: String = "ccb") throws {
        var template = Array("\(Self.parent)/\(prefix)-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil, chmod(&template, 0o755) == 0 else { throw Errno(rawValue: errno) }
        path = FilePath(String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self))
    }

    private static var parent: String { getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp" }

    /// A file beside such folders that has no name any more: it is gone with its descriptor, which stands at the beginning.
    static func unnamedFile(holding text: String) throws -> FileDescriptor {
        var template = Array("\(parent)/ccb-input-XXXXXX".utf8CString)
        let number = mkstemp(&template)
        guard number >= 0 else { throw Errno(rawValue: errno) }
        let file = FileDescriptor(rawValue: number)
        do {
            guard unlink(template) == 0 else { throw Errno(rawValue: errno) }
            try file.writeAll(text.utf8)
            try file.seek(offset: 0, from: .start)
            return file
        } catch {
            try file.close()
            throw error
        }
    }

    package func remove() async throws {
        try await Command("rm", ["-rf", path.string]).output()
    }
}

/// Runs `body` with a fresh folder and removes it on every way out.
package func withTemporaryFolder<Value>(_ body: (FilePath) async throws -> Value) async throws -> Value {
    let folder = try TemporaryFolder()
    let result: Result<Value, any Error>
    do { result = .success(try await body(folder.path)) } catch { result = .failure(error) }
    try await folder.remove()
    return try result.get()
}
