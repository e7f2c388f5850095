import FoundationEssentials
import Glibc

/// A folder of files that are ours alone.
enum StateFolder {
    /// Makes it, and those above it, where it is not there. Where it cannot be made nothing in it can be opened, and that is an error.
    /// - Returns: the `errno` of what keeps it from being made; nil where it is there.
    @discardableResult
    static func make(_ folder: String) -> Int32? {
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            return nil
        } catch {
            // Its own error has words, and no number.
            return mkdir(folder, 0o700) == 0 ? nil : errno
        }
    }
}
