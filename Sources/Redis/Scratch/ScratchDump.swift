import BackupModel
import Glibc
import RDBFormat
import ScratchServers

/// The file in a scratch server's own folder: ours on the way in, the server's on the way out.
struct ScratchDump: Sendable {
    let folder: ScratchFolder

    private var path: String { "\(folder.home)/\(ScratchRedisSettings.dumpName)" }

    /// Writes the expanded file, which it surveys on the way.
    /// - Throws: `BackupError` with `.verificationFailed` when it is damaged, `ScratchUnavailable` when there is no room.
    func expand(_ file: RDBFile, _ progress: ProgressSink) async throws -> RDBSummary {
        let output = try await blocking { try FolderFile(creating: path, owner: (folder.account.user, folder.account.group)) }
        do {
            let summary = try await file.survey(nil, progress) { piece in try await blocking { try output.write(piece) } }
            // Not on the disk for good: nothing is to survive.
            try await blocking { try output.close() }
            return summary
        } catch let error as BackupError where error.code == .outOfSpace {
            output.abandon()
            throw noRoom
        } catch {
            output.abandon()
            throw error
        }
    }

    /// Makes room for what the server saves under the same name.
    func remove() { unlink(path) }

    /// What the server has saved.
    func opened() throws -> RDBFile { RDBFile(try ScratchFile(path), name: "what the scratch server saved") }

    var noRoom: ScratchUnavailable {
        ScratchUnavailable(
            .space, "there is not enough room in \(folder.path) for the file and what a scratch server saves of it",
            hint: "Free space there, or name a folder with room in BACKUP_SCRATCH_DIR.")
    }
}

/// A regular file in a folder that is not ours alone. It is closed with the last who holds it.
private final class ScratchFile: RandomAccessBytes {
    let byteCount: Int64
    private let descriptor: Int32

    /// - Throws: `BackupError` for what is no regular file: a link or a pipe in its place would lead elsewhere.
    init(_ path: String) throws {
        descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { throw folderFailure("open", path) }
        var facts = stat()
        guard fstat(descriptor, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else {
            Glibc.close(descriptor)
            throw BackupError(.failed, "\(path) is no regular file", hint: "Something else works in that folder: remove it.")
        }
        byteCount = Int64(facts.st_size)
    }

    deinit { Glibc.close(descriptor) }

    func read(at offset: Int64, count: Int) async throws -> [UInt8] {
        try await blocking { [descriptor] in
            try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
                while filled < count {
                    let more = pread(descriptor, buffer.baseAddress?.advanced(by: filled), count - filled, off_t(offset) + off_t(filled))
                    if more < 0, errno == EINTR { continue }
                    guard more > 0 else { throw folderFailure("read", "what the scratch server saved") }
                    filled += more
                }
            }
        }
    }
}
