import BackupModel
import Glibc

/// Reads a folder through the system's own calls.
enum FolderListing {
    /// Every name in the folder, in no order. A name that is not UTF-8 is not ours and left out.
    static func names(in folder: String) throws -> [String] {
        guard let stream = opendir(folder) else { throw localFailure(errno, "list", folder) }
        defer { closedir(stream) }
        var names: [String] = []
        errno = 0
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(validating: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if let name, name != ".", name != ".." { names.append(name) }
            errno = 0
        }
        guard errno == 0 else { throw localFailure(errno, "list", folder) }
        return names
    }

    /// Nil for symlinks, folders and what vanished meanwhile.
    static func regularFile(_ name: String, in folder: String) throws -> StoredObject? {
        let path = "\(folder)/\(name)"
        var facts = stat()
        guard lstat(path, &facts) == 0 else {
            if errno == ENOENT { return nil }
            throw localFailure(errno, "examine", path)
        }
        guard facts.st_mode & S_IFMT == S_IFREG else { return nil }
        let modified = Int64(facts.st_mtim.tv_sec) * 1000 + Int64(facts.st_mtim.tv_nsec) / 1_000_000
        return StoredObject(key: name, bytes: Int64(facts.st_size), modifiedAt: Instant(millisecondsSinceEpoch: modified))
    }
}

/// Whether an open file still has a name. Not beside an import of Synchronization: there the compiler takes `stat` for another module's.
func isLinked(_ descriptor: Int32) -> Bool {
    var facts = stat()
    return fstat(descriptor, &facts) == 0 && facts.st_nlink > 0
}
