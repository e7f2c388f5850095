package import BackupModel
package import BytePipeline
import Glibc

/// Files of age keys, one a line, as `age-keygen` writes them; empty lines and those that begin with # say nothing.
package enum KeyFile {
    /// - Throws: `.invalidConfiguration` naming the file and the line.
    package static func recipients(in path: String) throws -> [AgeRecipient] {
        let (text, _) = try read(path, .ageRecipients)
        return try keys(in: text, path, "recipient") { try AgeRecipient($0) }
    }

    /// - Throws: `.invalidConfiguration` as above, `.permissionDenied` for a file that others may read or change.
    package static func identities(in path: String) throws -> [AgeIdentity] {
        let (text, mode) = try read(path, .ageIdentityFile)
        guard mode & 0o027 == 0 else {
            throw BackupError(
                .permissionDenied, "permission of the age identity file \(path) is too wide: mode \(String(mode & 0o7777, radix: 8))",
                hint: "Others could open every backup with it: `chmod 600 \(Shell.quoted(path))`.")
        }
        return try keys(in: text, path, "identity") { line in
            var identity = try AgeIdentity(Secret(line))
            identity.origin = "\(Setting.ageIdentityFile.name) (\(path))"
            return identity
        }
    }

    /// Makes a file with a new identity that only its owner may read.
    /// - Throws: `.targetExists` rather than overwrite anything: what a lost identity would open is lost with it.
    package static func create(_ path: String, now: Instant) throws -> AgeIdentity {
        let identity = AgeIdentity()
        let text = "# created: \(now.iso8601)\n# public key: \(identity.recipient)\n\(identity.text.reveal())\n"
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw creation(path, errno) }
        defer { close(descriptor) }
        let bytes = Array(text.utf8)
        guard fchmod(descriptor, 0o600) == 0, Glibc.write(descriptor, bytes, bytes.count) == bytes.count, fsync(descriptor) == 0 else {
            let failure = creation(path, errno)
            unlink(path)
            throw failure
        }
        return identity
    }

    private static func creation(_ path: String, _ number: Int32) -> BackupError {
        if number == EEXIST {
            return BackupError(
                .targetExists, "\(path) is there already, and a key is never overwritten",
                hint: "What was encrypted to it could not be opened any more; name another file.")
        }
        let why = String(cString: strerror(number)).lowercased()
        return BackupError(
            number == ENOSPC || number == EDQUOT ? .outOfSpace : .failed, "cannot write \(path): \(why)",
            hint: "Name a file in a folder that can be written.")
    }
}

extension KeyFile {
    /// Far more than a thousand keys.
    private static let limit = 1 << 20

    private static func read(_ path: String, _ setting: Setting) throws -> (text: String, mode: mode_t) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw unreadable(path, setting, String(cString: strerror(errno)).lowercased()) }
        defer { close(descriptor) }
        var facts = stat()
        guard fstat(descriptor, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else { throw unreadable(path, setting, "it is no file") }
        var bytes: [UInt8] = []
        while bytes.count <= limit {
            var result = 0
            let piece = [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, count in
                repeat { result = Glibc.read(descriptor, buffer.baseAddress, buffer.count) } while result < 0 && errno == EINTR
                count = max(0, result)
            }
            // A list that was cut short would encrypt to fewer people than it says.
            guard result >= 0 else { throw unreadable(path, setting, String(cString: strerror(errno)).lowercased()) }
            guard !piece.isEmpty else { break }
            bytes += piece
        }
        guard bytes.count <= limit, let text = String(validating: bytes, as: UTF8.self) else {
            throw unreadable(path, setting, "it is no text of keys")
        }
        return (text, facts.st_mode)
    }

    private static func unreadable(_ path: String, _ setting: Setting, _ why: String) -> BackupError {
        BackupError(
            .invalidConfiguration, "cannot read \(path), which \(setting.name) names: \(why)", hint: "Check the path, and who may read it.")
    }

    private static func keys<Key>(in text: String, _ path: String, _ what: String, _ parse: (String) throws -> Key) throws -> [Key] {
        var keys: [Key] = []
        for (number, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let line = line.trimmingBlanks
            guard !line.isEmpty, !line.hasPrefix("#") else { continue }
            do { keys.append(try parse(line)) } catch let error as BackupError {
                throw BackupError(.invalidConfiguration, "line \(number + 1) of \(path): \(error.message)", hint: error.hint)
            }
        }
        guard !keys.isEmpty else {
            throw BackupError(
                .invalidConfiguration, "\(path) holds no age \(what)",
                // It is there, and never overwritten.
                hint: "`call-center-admin key generate \(Shell.quoted(path + ".new"))` makes one.")
        }
        return keys
    }
}

extension Substring {
    fileprivate var trimmingBlanks: String {
        String(drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
    }
}
