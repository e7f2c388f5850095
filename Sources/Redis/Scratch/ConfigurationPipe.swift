import BackupModel
import Glibc
import ScratchServers

/// A named pipe out of which a scratch server reads its configuration. So it waits until its data lies there, and the password is in no file and no
/// argument.
struct ConfigurationPipe: Sendable {
    let path: String

    init(in folder: ScratchFolder) { path = folder.path + "/configuration" }

    /// What runs as the server; it waits here for `send`.
    func command(_ program: String) -> [String] { ["/bin/sh", "-c", "exec \"$0\" - <\"$1\"", program, path] }

    func make(for account: ScratchAccount) throws {
        guard mkfifo(path, 0o600) == 0 else { throw folderFailure("make", path) }
        guard account.isOther else { return }
        guard chown(path, geteuid(), account.group) == 0, chmod(path, 0o640) == 0 else { throw folderFailure("hand over", path) }
    }

    /// Waits until the server listens, and tells it.
    func send(_ text: String, to server: ScratchServer) async throws {
        var writer: Int32 = -1
        // Without a reader this end cannot be opened.
        try await server.awaitAnswer {
            writer = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC)
            return writer >= 0
        }
        defer { close(writer) }
        // Far less than a pipe holds, so nothing waits here.
        let bytes = Array(text.utf8)
        guard write(writer, bytes, bytes.count) == bytes.count else { throw folderFailure("write", path) }
        unlink(path)
    }
}
