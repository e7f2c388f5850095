import Glibc

/// What the system tells in files and folders.
package enum SystemFiles {
    /// The beginning of a small file; nil where it cannot be read.
    /// - Parameters:
    ///   - limit: in bytes.
    ///   - followsLinks: false for a file in a place where others may have put a link.
    package static func text(of path: String, limit: Int = 8192, followsLinks: Bool = true) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | (followsLinks ? 0 : O_NOFOLLOW))
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: limit)
        let count = read(descriptor, &bytes, bytes.count)
        return count < 0 ? nil : String(decoding: bytes[..<count], as: UTF8.self)
    }

    /// Names in a folder; nil where it cannot be listed.
    package static func names(in folder: String) -> [String]? {
        guard let listing = opendir(folder) else { return nil }
        defer { closedir(listing) }
        var names: [String] = []
        while let entry = readdir(listing) {
            names.append(withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) })
        }
        return names
    }
}
