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
        try await server.awaitAnswer { try isTaken(Array(text.utf8)) }
        unlink(path)
    }

    /// Without a reader this end cannot be opened, and one that has died since is for whoever waits for the server to tell.
    private func isTaken(_ bytes: [UInt8]) throws -> Bool {
        let writer = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC)
        guard writer >= 0 else { return false }
        defer { close(writer) }
        // Far less than a pipe holds, so nothing waits here.
        if write(writer, bytes, bytes.count) == bytes.count { return true }
        guard errno == EPIPE else { throw folderFailure("write", path) }
        return false
    }
}
