package import BackupModel
import DumpFormat
import Postgres
import Synchronization

/// Marks an error as the fault of the one copy that was read, whatever it came through: another copy of the same file may do.
struct CopyFault: Error, CustomStringConvertible {
    /// In the words of the error that is marked.
    let description: String

    init(_ error: BackupError) {
        description = error.cause.map { "\($0)" } ?? error.message
    }
}

extension BackupError {
    /// Whether another copy of the file may do where this is why one did not.
    package var isFaultOfCopy: Bool { cause is CopyFault }

    /// A key that is missing here is missing for every copy; what one store's credentials lack is that store's own.
    var isOfEveryCopy: Bool { obstacle != .credentials && [.permissionDenied, .invalidConfiguration].contains(code) }

    /// Whether a dump that is not what its writer wrote is at the bottom of it.
    var isOfDamage: Bool {
        switch cause {
        case is DumpFormatError, is ScriptError: code == .verificationFailed
        case let under as BackupError: under.isOfDamage
        default: false
        }
    }
}

/// What could not be read of one copy while it was restored. The reading is done deep in the restore, by several at once, and the error may arrive
/// in other words.
final class CopyFaults: Sendable {
    private let found = Mutex<BackupError?>(nil)

    /// The first.
    var first: BackupError? { found.withLock { $0 } }

    /// What is wrong with the copy, where that is why a restore failed with this error.
    /// - Returns: nil also where the target is not as it was: no other copy may be tried there, and what is to be done first is said.
    func fault(behind error: BackupError) -> BackupError? {
        guard !error.leavesRemains else { return nil }
        return first ?? (error.isOfDamage ? error : nil)
    }

    func note(_ error: BackupError) {
        guard !error.isOfEveryCopy else { return }
        found.withLock { $0 = $0 ?? error }
    }

    /// Notes what is wrong with the copy where `body` fails.
    func noting<Value: Sendable>(_ body: () async throws -> Value) async throws -> Value {
        do { return try await body() } catch let error as BackupError {
            // What was called off failed for that.
            try Task.checkCancellation()
            note(error)
            throw error
        }
    }
}

/// Bytes of a copy that tell what could not be read of them: also that they do not decrypt.
struct FaultTellingBytes: RandomAccessBytes {
    let bytes: any RandomAccessBytes
    let faults: CopyFaults

    var byteCount: Int64 { bytes.byteCount }

    func read(at offset: Int64, count: Int) async throws -> [UInt8] {
        try await faults.noting { try await bytes.read(at: offset, count: count) }
    }
}
