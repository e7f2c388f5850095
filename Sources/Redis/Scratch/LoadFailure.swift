import BackupModel
import ScratchServers

/// Why a server ended while it loaded a file or saved it, by its own log. Pure.
struct LoadFailure {
    let log: String

    init(log: String) { self.log = log }

    init(of server: ScratchServer) { log = SystemFiles.text(of: server.folder.log, limit: 256 << 10) ?? "" }

    /// What this host lacks; nil when the file itself was refused.
    var unavailable: ScratchUnavailable? {
        if let module = log.firstMatch(of: /no matching module(?: type)? '([^']+)'/) {
            return ScratchUnavailable(
                .component, "cannot be proved here: the module \(module.1) is not installed on this host",
                hint: "Prove it on a host whose server has that module built in.")
        }
        if log.contains("Out Of Memory") {
            return ScratchUnavailable(
                .memory, "the scratch server needed more memory than it may use", hint: "Raise BACKUP_SCRATCH_MEMORY.")
        }
        if log.contains("No space left on device") || log.contains("Disk quota exceeded") {
            return ScratchUnavailable(
                .space, "the scratch server found no room to save its data",
                hint: "Free space there, or name a folder with room in BACKUP_SCRATCH_DIR.")
        }
        return nil
    }

    /// The line that says why the file was refused, without process and time; nil when none does: then something else has ended the server.
    var refusal: String? {
        log.split(separator: "\n").first { line in Self.refusals.contains { line.contains($0) } }.map { line in
            String(line.trimmingPrefix(#/\d+:[A-Z] .*?\d\d:\d\d:\d\d\.\d+ [.*#\-]\s/#).trimmingPrefix(#/\[offset \d+\]\s/#))
        }
    }

    /// `rdb.c` and `server.c` of Redis and Valkey.
    private static let refusals = [
        "Internal error in RDB", "Unexpected EOF reading RDB", "Wrong RDB checksum", "RDB CRC error", "Can't handle RDB", "Wrong signature",
        "can't load", "FATAL: Data file", "Short read or OOM", "Terminating server after rdb", "Fatal error loading", "crashed by signal",
        "ASSERTION FAILED", "Guru Meditation",
    ]
}
