package import BackupModel
import BytePipeline
import Glibc

/// A stored file open for reading: its bytes as they are stored, and what they hold.
package struct OpenedFile: Sendable {
    /// As they are stored; sizes and digests of manifests are of these.
    package let stored: any RandomAccessBytes
    /// Decrypted, where they are encrypted and an identity opens them; else the same.
    package private(set) var contents: any RandomAccessBytes
    /// Why they are not decrypted; nil for what is not encrypted, or was opened.
    package private(set) var seal: Seal?
    package let name: String
    /// Where programs that read a file themselves find the contents; nil when they lie nowhere on this machine.
    private(set) var path: String?

    package enum Seal: Sendable {
        /// Nobody here has to be able to.
        case noIdentity
        /// No identity that is known opens them, or they are damaged.
        case refused(BackupError)
    }

    init(
        stored: any RandomAccessBytes, name: String, path: String?, recipients: [String], _ identities: Identities
    ) async throws {
        self.stored = stored
        contents = stored
        self.name = name
        self.path = path
        let head = try await stored.read(at: 0, count: Int(min(stored.byteCount, Int64(Self.magic.count))))
        if head == Self.magic { try await decrypt(with: identities(), recipients) }
    }

    /// The first line of age-encryption.org/v1.
    private static let magic = Array("age-encryption.org/v1\n".utf8)

    private mutating func decrypt(with identities: [AgeIdentity], _ recipients: [String]) async throws {
        path = nil
        guard !identities.isEmpty else {
            seal = .noIdentity
            return
        }
        do {
            contents = try await AgeFile.open(stored, name: name, identities: identities, recipients: recipients)
        } catch let error as BackupError where error.code == .permissionDenied || error.code == .verificationFailed {
            seal = .refused(error)
        }
    }

    /// Of a file that none of the known identities opens; nil also where none is known.
    var lock: BackupError? {
        guard case .refused(let error) = seal, error.code == .permissionDenied else { return nil }
        return error
    }

    /// The same, whose contents tell what could not be read of them.
    func telling(_ faults: CopyFaults) -> OpenedFile {
        var copy = self
        copy.contents = FaultTellingBytes(bytes: contents, faults: faults)
        return copy
    }

    /// The contents, for whoever cannot do without them.
    /// - Throws: `.permissionDenied` or `.verificationFailed` where they cannot be decrypted.
    package func readable() throws -> any RandomAccessBytes {
        switch seal {
        case nil: return contents
        case .refused(let error): throw error
        case .noIdentity:
            throw BackupError(
                .permissionDenied, "\(name) is encrypted, and no age identity is known here",
                hint: "Name the file of the identity in BACKUP_AGE_IDENTITY_FILE.")
        }
    }

    private static let pieceBytes: Int64 = 4 << 20

    /// Hands over a path on this machine under which the contents can be read by other programs: the file itself, or else a copy of it that has
    /// no name, so that no crash leaves it behind.
    /// - Parameter folder: where such a copy is made; it has to have room for it.
    func withLocalPath<Result: Sendable>(copyingTo folder: String, _ body: (String) async throws -> Result) async throws -> Result {
        if let path { return try await body(path) }
        let descriptor = try Self.nameless(in: folder)
        defer { close(descriptor) }
        for offset in stride(from: 0, to: contents.byteCount, by: Int64.Stride(Self.pieceBytes)) {
            try Self.write(
                try await contents.read(at: offset, count: Int(min(Self.pieceBytes, contents.byteCount - offset))), descriptor, folder)
        }
        return try await body("/proc/\(getpid())/fd/\(descriptor)")
    }

    private static func nameless(in folder: String) throws -> Int32 {
        let name = "\(folder)/.call-center-copy-\(getpid())-\(UInt32.random(in: 0 ... .max))"
        let descriptor = Glibc.open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure("make a copy in", folder) }
        unlink(name)
        return descriptor
    }

    private static func write(_ bytes: [UInt8], _ descriptor: Int32, _ folder: String) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if written < 0, errno == EINTR { continue }
            guard written >= 0 else { throw failure("write a copy in", folder) }
            rest = rest.dropFirst(written)
        }
    }

    private static func failure(_ verb: String, _ folder: String) -> BackupError {
        BackupError(
            errno == ENOSPC || errno == EDQUOT ? .outOfSpace : .failed,
            "cannot \(verb) \(folder): \(String(cString: strerror(errno)).lowercased())",
            hint: "Programs of PostgreSQL need the file on this machine; set BACKUP_SCRATCH_DIR to a folder with room for it.")
    }
}
