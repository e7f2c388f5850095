import Glibc
package import SystemPackage
import Testing

/// A file system whose files can share blocks: btrfs in a file. Making one takes root and a loop device; without them the test ends as skipped.
package enum ReflinkFilesystem {
    /// Runs `body` with the mount point of a fresh one of 128 MiB, unmounted on every way out.
    package static func with<Value: Sendable>(_ body: (FilePath) async throws -> Value) async throws -> Value {
        guard geteuid() == 0 else { try Test.cancel("mounting a file system takes root") }
        try requireProgram("mkfs.btrfs", package: "btrfs-progs")
        return try await withTemporaryFolder { folder in
            let (image, place) = (folder.appending("image").string, folder.appending("mounted"))
            try await Command("mkdir", [place.string]).output()
            try await Command("truncate", ["-s", "128M", image]).output()
            try await Command("mkfs.btrfs", ["-q", image]).output()
            // A container may have neither the devices nor the right, and a kernel not the file system.
            let mounting = try await Command("mount", ["-t", "btrfs", "-o", "loop", image, place.string]).outcome()
            guard mounting.status == 0 else { try Test.cancel("no btrfs can be mounted here: \(mounting.errors)") }
            let result: Result<Value, any Error>
            do { result = .success(try await body(place)) } catch { result = .failure(error) }
            try await Command("umount", ["-l", place.string]).output()
            return try result.get()
        }
    }
}
