import BackupModel
import ScratchServers

/// `postgresql.conf` of a scratch server: nothing is to survive it, nothing is to reach it.
struct ScratchSettings {
    let request: ScratchPostgresRequest
    let folder: ScratchFolder

    var text: String {
        let all = [place, haste, quiet, memory].flatMap { $0 } + preload
        return all.map { "\($0.0) = '\($0.1.replacing("'", with: "''"))'\n" }.joined()
    }

    /// Who asks with the password, over the socket; nobody else.
    static let access = "local all all scram-sha-256\n"

    private var place: [(String, String)] {
        [
            ("listen_addresses", ""), ("unix_socket_directories", folder.home), ("unix_socket_permissions", "0700"), ("port", "5432"),
            ("hba_file", folder.path + "/pg_hba.conf"), ("ssl", "off"),
            // A subscription out of a dump must not call on its publisher.
            ("max_logical_replication_workers", "0"),
            // Shared memory that goes with the folder, even after kill -9.
            ("dynamic_shared_memory_type", "mmap"),
        ]
    }

    private var haste: [(String, String)] {
        [
            ("fsync", "off"), ("synchronous_commit", "off"), ("full_page_writes", "off"), ("wal_level", "minimal"),
            ("max_wal_senders", "0"), ("archive_mode", "off"), ("wal_init_zero", "off"), ("wal_recycle", "off"), ("max_wal_size", "2GB"),
            ("checkpoint_timeout", "1h"), ("autovacuum", "off"), ("jit", "off"), ("synchronize_seqscans", "off"),
            // A backend that died, of memory for example, ends the proof; nothing else could be said of it.
            ("restart_after_crash", "off"),
        ]
    }

    /// Statements may hold secrets, and the end of the log gets into errors.
    private var quiet: [(String, String)] {
        [
            ("logging_collector", "off"), ("log_destination", "stderr"), ("log_min_error_statement", "panic"),
            ("log_error_verbosity", "terse"), ("lc_messages", "C"),
        ]
    }

    /// Bytes for one index build, of as many as there are jobs: half of the bound for all of them.
    static func indexMemory(_ request: ScratchPostgresRequest) -> Int64 {
        max(request.place.memory.bytes / 2 / Int64(max(request.jobs, 1)), 16 << 20)
    }

    private var memory: [(String, String)] {
        let mebibytes = max(request.place.memory.bytes >> 20, 64)
        let connections = Int64(request.jobs * 2 + 16)
        return [
            ("max_connections", "\(connections)"), ("max_prepared_transactions", "0"),
            ("max_locks_per_transaction", "\(max(Int64(request.tables) * 4 / connections, 256))"), ("huge_pages", "off"),
            ("shared_buffers", "\(max(mebibytes / 4, 16))MB"),
            ("maintenance_work_mem", "\(Self.indexMemory(request) >> 20)MB"), ("work_mem", "8MB"),
        ]
    }

    private var preload: [(String, String)] {
        request.preload.isEmpty ? [] : [("shared_preload_libraries", request.preload.joined(separator: ","))]
    }
}
