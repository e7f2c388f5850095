import BackupModel

/// Reads the small files of credential sources.
enum SecretFile {
    /// Nil when the file is not there.
    static func text(_ path: String) async throws -> String? {
        do {
            let file = try await LocalFile.open(path)
            guard file.byteCount <= 1 << 20 else {
                throw CredentialRefusal("\(path) is \(ByteSize(file.byteCount)), too large for what it should be")
            }
            return String(decoding: try await file.read(at: 0, count: Int(file.byteCount)), as: UTF8.self)
        } catch let error as BackupError where error.code == .artifactMissing {
            return nil
        } catch let error as BackupError {
            throw CredentialRefusal(error.message, hint: "It has to be readable for the account that takes backups.")
        }
    }

    /// A token, without the line end that editors leave. Read anew each time: whoever mounts such files replaces them before they expire.
    static func token(_ path: String, namedBy variable: String) async throws -> String {
        guard let text = try await text(path) else { throw CredentialRefusal("\(variable) names \(path), and there is no such file") }
        let token = text.trimmed
        guard !token.isEmpty, !token.contains(where: \.isNewline) else {
            throw CredentialRefusal("\(path), named by \(variable), holds no token of one line")
        }
        return token
    }
}
