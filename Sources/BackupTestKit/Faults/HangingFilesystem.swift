import Glibc
package import SystemPackage
import Testing

/// A file system of another process, as a network file system is one of another machine: when that stands still, every call on it hangs in the kernel.
package struct HangingFilesystem: Sendable {
    /// Where it is mounted.
    package let folder: FilePath
    private let server: pid_t

    /// Runs `body` with one that works until it is stopped; unmounted on every way out. Mounting takes root and FUSE; without them, and where mounting
    /// is not allowed, the test ends as skipped; in continuous integration it fails where both are there.
    package static func with<Value: Sendable>(_ body: (HangingFilesystem) async throws -> Value) async throws -> Value {
        guard geteuid() == 0, access("/dev/fuse", R_OK | W_OK) == 0 else {
            try Test.cancel("mounting a file system of a process takes root and /dev/fuse")
        }
        try requireProgram("bindfs", package: "bindfs")
        return try await withTemporaryFolder { folder in
            let hanging = try await mount(folder)
            let result: Result<Value, any Error>
            do { result = .success(try await body(hanging)) } catch { result = .failure(error) }
            try await hanging.end()
            return try result.get()
        }
    }

    private static func mount(_ folder: FilePath) async throws -> HangingFilesystem {
        let (content, place) = (folder.appending("content").string, folder.appending("mounted"))
        try await Command("mkdir", [content, place.string]).output()
        // In the foreground, so that its process is known; whoever asks for the mount waits until it is there.
        let script = """
            bindfs -f "$0" "$1" >/dev/null 2>"$2" &
            until mountpoint -q "$1"; do kill -0 $! 2>/dev/null || { cat "$2" >&2; exit 1; }; done
            echo $!
            """
        let complaints = folder.appending("complaints").string
        let answer = try await Command("bash", ["-c", script, content, place.string, complaints]).outcome()
        guard answer.status == 0, let server = pid_t(answer.output.filter(\.isNumber)) else {
            try giveUp("no process may mount a file system here: \(answer.errors)", whereOffered: await isOffered)
        }
        return HangingFilesystem(folder: place, server: server)
    }

    /// A container may have the device and not the right to mount.
    private static var isOffered: Bool {
        get async throws {
            guard MachineOffer.device("/dev/fuse") else { return false }
            return try await MachineOffer.mounting()
        }
    }

    /// From now on nothing on it answers.
    package func hang() throws { try send(SIGSTOP) }

    /// It answers again.
    package func answer() throws { try send(SIGCONT) }

    /// From now on everything on it fails, and what hung there: its server is gone.
    package func die() throws { try send(SIGKILL) }

    private func send(_ signal: Int32) throws {
        guard kill(server, signal) == 0 else { throw Errno(rawValue: errno) }
    }

    /// Whoever still waits gets an error.
    private func end() async throws {
        guard kill(server, SIGKILL) == 0 || errno == ESRCH else { throw Errno(rawValue: errno) }
        try await Command("umount", ["-l", folder.string]).output()
    }
}
