import Glibc
package import SystemPackage

/// A folder of its own for one test, gone when the test is.
package struct TemporaryFolder: Sendable {
    package let path: FilePath

    /// Makes `/tmp/<prefix>-XXXXXX` (or under `TMPDIR`), readable for servers that run as another account.
    package init(prefix: String = "ccb") throws {
        let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array("\(parent)/\(prefix)-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil, chmod(&template, 0o755) == 0 else { throw Errno(rawValue: errno) }
        path = FilePath(String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self))
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
