import BackupEngine
import BackupTestKit
import SystemPackage

/// A configuration whose state folder can be made to hang, and with a store that is far away: what is remembered of that lies in the state folder.
func withHangingState(_ body: (BackupConfiguration, HangingFilesystem) async throws -> Void) async throws {
    try await HangingFilesystem.with { filesystem in
        let settings = [
            "BACKUP_STATE_DIR": filesystem.folder.string, "BACKUP_S3_BUCKET": "backups", "AWS_ACCESS_KEY_ID": "AK",
            "AWS_SECRET_ACCESS_KEY": "SK", "AWS_ENDPOINT_URL_S3": "http://127.0.0.1:\(try FreePort.any())",
        ]
        try await withConfiguration(settings) { configuration, _ in try await body(configuration, filesystem) }
    }
}
