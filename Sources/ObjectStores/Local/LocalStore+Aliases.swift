import BackupModel
import Glibc

extension LocalStore {
    /// A symlink with a relative target, so that the folder may be mounted elsewhere; made beside and renamed, so that readers never miss it.
    package func alias(_ alias: String, to key: String) async throws {
        try validate(alias)
        try validate(key)
        try await blocking {
            let temporary = path(".\(alias).link-\(getpid())")
            unlink(temporary)
            try posix("link", path(alias)) { symlink(key, temporary) }
            do {
                try posix("link", path(alias)) { rename(temporary, path(alias)) }
            } catch {
                unlink(temporary)
                throw error
            }
            try syncFolder(root)
        }
    }

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
