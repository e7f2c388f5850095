import Glibc
package import SystemPackage
import Testing

/// A file system in memory that is soon full. Mounting takes root; without it the test ends as skipped.
package enum SmallFilesystem {
    /// Runs `body` with the mount point of a tmpfs of `mebibytes`, unmounted on every way out.
    package static func with<Value: Sendable>(mebibytes: Int, _ body: (FilePath) async throws -> Value) async throws -> Value {
        guard geteuid() == 0 else { try Test.cancel("mounting a small file system takes root") }
        return try await withTemporaryFolder { folder in
            try await Command("mount", ["-t", "tmpfs", "-o", "size=\(mebibytes)m", "tmpfs", folder.string]).output()
            let result: Result<Value, any Error>
            do { result = .success(try await body(folder)) } catch { result = .failure(error) }
            try await Command("umount", ["-l", folder.string]).output()
            return try result.get()
        }
    }
}
