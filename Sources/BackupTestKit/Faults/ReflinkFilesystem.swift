import Glibc
package import SystemPackage
import Testing

/// A file system whose files can share blocks, in a file. Making one takes root and a loop device; without them the test ends as skipped,
/// and fails in continuous integration where they are there and something may be mounted.
package enum ReflinkFilesystem: String, Sendable, CaseIterable, CustomTestStringConvertible {
    case btrfs
    case xfs

    package var testDescription: String { rawValue }

    /// Runs `body` with the mount point of a fresh one, of 128 MiB or as small as its kind can be, unmounted on every way out.
    package static func with<Value: Sendable>(
        _ kind: ReflinkFilesystem = .btrfs, _ body: (FilePath) async throws -> Value
    ) async throws -> Value {
        guard geteuid() == 0 else { try Test.cancel("mounting a file system takes root") }
        try requireProgram("mkfs.\(kind.rawValue)", package: kind.makers)
        return try await withTemporaryFolder { folder in
            let (image, place) = (folder.appending("image").string, folder.appending("mounted"))
            try await Command("mkdir", [place.string]).output()
            try await Command("truncate", ["-s", "\(kind.mebibytes)M", image]).output()
            try await Command("mkfs.\(kind.rawValue)", ["-q", image]).output()
            // A container may have neither the devices nor the right, and a kernel not the file system.
            let mounting = try await Command("mount", ["-t", kind.rawValue, "-o", "loop", image, place.string]).outcome()
            guard mounting.status == 0 else {
                try giveUp("no \(kind.rawValue) can be mounted here: \(mounting.errors)", whereOffered: await kind.isOffered)
            }
            let result: Result<Value, any Error>
            do { result = .success(try await body(place)) } catch { result = .failure(error) }
            try await Command("umount", ["-l", place.string]).output()
            return try result.get()
        }
    }

    /// What is used of the one that is mounted there, once everything written has its place.
    package static func usedBytes(of place: FilePath) async throws -> Int64 {
        try await Command("sync", ["-f", place.string]).output()
        let table = try await Command("df", ["-B1", "--output=used", place.string]).output()
        guard let used = Int64(table.filter(\.isNumber)) else { throw Command.Failure(description: "df says \(table)") }
        return used
    }

    private var isOffered: Bool {
        get async throws {
            guard MachineOffer.device("/dev/loop-control"), MachineOffer.filesystem(rawValue) else { return false }
            return try await MachineOffer.mounting()
        }
    }

    private var makers: String { self == .xfs ? "xfsprogs" : "btrfs-progs" }

    /// mkfs.xfs makes none below 300 MiB; the file has as much as is written.
    private var mebibytes: Int { self == .xfs ? 512 : 128 }
}
