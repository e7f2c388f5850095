import BackupModel
import Glibc
import Subprocess
import SystemPackage

/// Scratch servers whose run and supervisor were both killed.
package struct ScratchOrphan: Sendable, Equatable {
    package let folder: String
    /// Whether a server still worked there and was ended.
    package let hadServer: Bool
}

extension ScratchOrphan: CustomStringConvertible {
    package var description: String { "\(folder), which a killed run left\(hadServer ? " with its server" : "")" }
}

package enum ScratchOrphans {
    /// Ends the servers and removes the folders that killed runs have left in `folder`. Folders in use, kept for inspection, of other
    /// accounts, or that a symlink leads to are left alone.
    /// - Returns: what was removed, for a warning.
    package static func remove(in folder: String) async -> [ScratchOrphan] {
        var removed: [ScratchOrphan] = []
        for name in names(in: folder) {
            guard let orphan = await remove(folder + "/" + name) else { continue }
            removed.append(orphan)
        }
        return removed
    }

    private static func names(in folder: String) -> [String] {
        guard let stream = opendir(folder) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            if name.hasPrefix(ScratchFolder.prefix) { names.append(name) }
        }
        return names.sorted()
    }

    private static func remove(_ path: String) async -> ScratchOrphan? {
        var facts = stat()
        guard lstat(path, &facts) == 0, isOurs(facts) else { return nil }
        guard let lock = lock(in: path) else { return isAbandoned(path, facts) ? await ScratchRemains(path: path).remove() : nil }
        defer { close(lock) }
        return await ScratchRemains(path: path).remove()
    }

    private static func isOurs(_ facts: stat) -> Bool {
        facts.st_mode & S_IFMT == S_IFDIR && facts.st_uid == geteuid() && facts.st_mode & 0o022 == 0
    }

    /// Takes the lock of a folder that nobody holds.
    private static func lock(in path: String) -> Int32? {
        let lock = open(path + "/lock", O_RDWR | O_CLOEXEC | O_NOFOLLOW)
        guard lock >= 0 else { return nil }
        if flock(lock, LOCK_EX | LOCK_NB) == 0 { return lock }
        close(lock)
        return nil
    }

    /// A folder without a lock is in the making, for some milliseconds; or its maker died just then.
    private static func isAbandoned(_ path: String, _ facts: stat) -> Bool {
        access(path + "/lock", F_OK) != 0 && facts.st_ctim.tv_sec < time(nil) - 3600
    }
}

/// What is left of a scratch server whose supervisor is gone. Its lock is held by the caller.
struct ScratchRemains: Sendable {
    let path: String

    /// - Returns: nil when the folder is kept for inspection, or could not be removed.
    func remove() async -> ScratchOrphan? {
        guard access(path + "/kept", F_OK) != 0 else { return nil }
        // Also a cancelled run takes back what it had begun.
        return try? await uncancelled {
            let hadServer = try await endServer()
            guard try await removeFolder() else { return nil }
            return ScratchOrphan(folder: path, hadServer: hadServer)
        }
    }

    func endServer() async throws -> Bool {
        let words = (SystemFiles.text(of: path + "/process", followsLinks: false) ?? "").split(whereSeparator: \.isWhitespace)
        guard words.count == 2, let number = pid_t(words[0]) else { return false }
        let process = ScratchProcess(identifier: number)
        guard process.works(in: path + "/server") else { return false }
        try await process.end(by: String(words[1]), in: path + "/server")
        return true
    }

    /// The lock goes last, as the supervisor does it.
    private func removeFolder() async throws -> Bool {
        for part in [path + "/server", path] {
            let removal = try await run(
                .name("rm"), arguments: ["-rf", "--one-file-system", "--", part], environment: .custom(ScratchTools.environment),
                output: .discarded, error: .discarded)
            guard removal.terminationStatus.isSuccess else { return false }
        }
        return true
    }
}
