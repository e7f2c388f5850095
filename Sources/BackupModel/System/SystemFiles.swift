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

    /// A whole file, however small: of an empty one Foundation's own reading keeps four KiB for good, each time.
    /// - Returns: nil where it cannot be read, with `errno` saying why.
    package static func contents(of path: String) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var (bytes, buffer) = ([UInt8](), [UInt8](repeating: 0, count: 16 << 10))
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count > 0 { bytes += buffer[..<count] } else if count == 0 { return bytes } else if errno != EINTR { return nil }
        }
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
