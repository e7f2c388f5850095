import BackupModel
import Glibc

extension LocalStore {
    /// A symlink with a relative target, so that the folder may be mounted elsewhere; made beside and renamed, so that readers never miss it.
    @discardableResult
    package func alias(_ alias: String, to key: String) async throws -> Bool {
        try validate(alias)
        try validate(key)
        return try await blocking {
            let temporary = path(".\(alias).link-\(getpid())")
            unlink(temporary)
            if symlink(key, temporary) != 0 {
                if Self.meansNoLinks(errno) { return false }
                throw localFailure(errno, "link", path(alias))
            }
            do {
                try posix("link", path(alias)) { rename(temporary, path(alias)) }
            } catch {
                unlink(temporary)
                throw error
            }
            try syncFolder(root)
            return true
        }
    }

    package func removeAlias(_ alias: String) async throws {
        guard try await target(ofAlias: alias) != nil else { return }
        try await blocking {
            guard unlink(path(alias)) == 0 || errno == ENOENT else { throw localFailure(errno, "unlink", path(alias)) }
            try syncFolder(root)
        }
    }

    /// FAT, exFAT and some network shares have none: EPERM by symlink(2), the others by file systems in user space. A folder that may not be
    /// written to gives EACCES.
    static func meansNoLinks(_ number: Int32) -> Bool { [EPERM, ENOTSUP, EOPNOTSUPP, ENOSYS].contains(number) }

    package func target(ofAlias alias: String) async throws -> String? {
        try validate(alias)
        return try await blocking {
            let size = Int(PATH_MAX)
            let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
                count = buffer.baseAddress.map { max(0, readlink(path(alias), $0, size)) } ?? 0
            }
            return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
        }
    }
}
