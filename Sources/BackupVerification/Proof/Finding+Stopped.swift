import BackupModel
import Postgres
import ScratchServers

extension Finding {
    /// A restore that stopped is a finding when the file is at fault.
    /// - Throws: the error itself when it speaks of the server or of us; `ScratchUnavailable` when the host is too small, or cannot restore
    ///   such a file.
    init(stoppedBy error: BackupError, on scratch: ScratchPostgres) throws {
        guard scratch.server.isAlive else { throw error }
        try self.init(stoppedBy: error)
    }

    init(stoppedBy error: BackupError) throws {
        // psql and pg_restore have nothing but words for it.
        guard error.code != .outOfSpace, !"\(error)".contains("No space left on device") else {
            throw ScratchUnavailable(
                .space, "the scratch server ran out of space: \(error)",
                hint: "Name a folder with more room in BACKUP_SCRATCH_DIR, or give the server more in BACKUP_SCRATCH_MEMORY.")
        }
        guard !error.isOfFile else {
            self.init("\(error)")
            return
        }
        guard let kind = error.hindrance else { throw error }
        throw ScratchUnavailable(kind, "\(error)", hint: error.hint ?? "Restore it by hand to see whether it is whole.")
    }
}

extension BackupError {
    /// Whether the file is at fault: the server refused what stands in it, or it could not be read as what it is.
    fileprivate var isOfFile: Bool {
        if let complaint = cause as? ProgramComplaint { return code != .invalidUsage && complaint.isOfFile }
        guard let sqlState else { return code == .verificationFailed }
        return !isOfServer(sqlState)
    }

    /// Whether the server failed, not the statement it was given: for lack of something (class 53, but for its disk), by an operator's hand
    /// (57), by a failure of its own (58, XX); or it cannot be reached (08).
    private func isOfServer(_ sqlState: String) -> Bool {
        if code == .sourceUnreachable || code == .stalled { return true }
        guard sqlState != "53100" else { return false }
        return ["08", "53", "57", "58", "XX"].contains { sqlState.hasPrefix($0) }
    }

    /// What this host lacks, when it cannot restore such a file at all.
    fileprivate var hindrance: ScratchUnavailable.Kind? {
        switch code {
        case .invalidUsage: .component
        case .versionMismatch: .programs
        default: nil
        }
    }
}
