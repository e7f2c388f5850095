import BackupTestKit
import Foundation
import SystemPackage
import Testing

/// A network file system whose server is gone keeps every call in the kernel, where nothing can cancel it.
@Suite("A folder that hangs")
struct HangingFolderTests {
    @Test("The doctor names BACKUP_DIR, and looks at everything else in its time", .timeLimit(.minutes(5)))
    func backupFolder() async throws {
        try await withHangingFolder { lab, folder, filesystem in
            let settings = ["BACKUP_DIR": folder]
            try await lab.types("call-center-admin db backup", with: settings)
            try filesystem.hang()
            let finding = try await lab.expect(.folderHangs, settings)
            // The look at it ends, whatever it looks at.
            let look = try #require(finding?.remedy.commands.last)
            #expect(try await lab.types(look).status != 0)
            let findings = try await lab.doctor(settings).findings
            #expect(!findings.contains { $0.code.hasPrefix("postgres") || $0.code.hasPrefix("redis") }, "\(findings)")
            try filesystem.answer()
            try await lab.follow(finding, with: settings)
        }
    }

    /// As on a machine whose network has gone. How long it takes `bench/doctor` measures.
    @Test("Where folders, servers, stores and docker all hang, the doctor says of each that it did not answer", .timeLimit(.minutes(5)))
    func everything() async throws {
        try await withHangingFolder { lab, folder, filesystem in
            try await lab.does("mkdir '\(folder)/backups' '\(folder)/state' silent")
            try await lab.does(#"printf '#!/bin/sh\nexec sleep 600\n' >silent/docker && chmod 755 silent/docker"#)
            try filesystem.hang()
            try await SilentPort.with { port in
                let path = "\(lab.tools.folder)/silent:\(lab.path)"
                let answer = try await lab.doctor(Self.silence(in: folder, at: port).merging(["PATH": path]) { $1 })
                let all = answer.findings.flatMap(\.family)
                let silent = all.filter { $0.evidence?.contains(/did not answer within|in time/) == true }
                #expect(Set(silent.map(\.code)) == Self.silentCodes, "\(answer.findings)")
                // The folder and the bucket.
                #expect(silent.count { $0.code == "store-silent" } == 2, "\(answer.findings)")
                #expect(silent.contains { $0.code == "state-folder" && $0.evidence?.hasPrefix("the history of runs") == true }, "\(silent)")
                // What was not looked at is not said to be well.
                #expect(answer.status == 3 && silent.count == all.count, "\(answer.findings)")
            }
        }
    }

    private static let silentCodes: Set<String> = ["postgres-silent", "redis-silent", "store-silent", "state-folder", "prometheus-down"]

    private static func silence(in folder: String, at port: Int) -> [String: String?] {
        let url = "http://127.0.0.1:\(port)"
        return [
            "BACKUP_MANAGED_BY": "compose", "BACKUP_DIR": "\(folder)/backups", "BACKUP_STATE_DIR": "\(folder)/state", "PGPORT": "\(port)",
            "REDIS_URL": "redis://127.0.0.1:\(port)", "BACKUP_HTTP": "127.0.0.1:\(port)", "BACKUP_PROMETHEUS_URL": url,
            "BACKUP_S3_BUCKET": "backups", "AWS_ENDPOINT_URL_S3": url, "AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b",
        ]
    }

    @Test("Of the file of settings as well, and reads it when it answers again", .timeLimit(.minutes(5)))
    func settings() async throws {
        try await withHangingFolder { lab, folder, filesystem in
            let settings = ["BACKUP_ENV_FILE": "\(folder)/settings"]
            try await lab.does("umask 077 && echo BACKUP_RETENTION_DAYS=30 >'\(folder)/settings'")
            try filesystem.hang()
            let finding = try await lab.expect(.settingsHang, settings)
            #expect(finding?.evidence == "the settings did not answer within 2 s", "\(finding as Any)")
            #expect(finding?.remedy.commands.last?.hasSuffix("stat --file-system \(folder)/settings") == true, "\(finding as Any)")
            try filesystem.answer()
            try await lab.follow(finding, with: settings)
        }
    }

    @Test("Of BACKUP_STATE_DIR too, with a far store whose manifests are remembered in it", .timeLimit(.minutes(5)))
    func stateFolder() async throws {
        try await withHangingFolder { lab, folder, filesystem in
            try await SilentPort.with { port in
                try filesystem.hang()
                let answer = try await lab.doctor([
                    "BACKUP_STATE_DIR": folder, "BACKUP_S3_BUCKET": "backups", "AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b",
                    "AWS_ENDPOINT_URL_S3": "http://127.0.0.1:\(port)",
                ])
                #expect(answer.findings.map(\.code).contains("store-silent"), "\(answer.findings)")
                #expect(
                    answer.findings.contains { $0.evidence?.contains("the history of runs did not answer") == true }, "\(answer.findings)")
            }
        }
    }

    @Test("Whoever lists it is told what is waited for, and gets the list when it answers", .timeLimit(.minutes(5)))
    func list() async throws {
        try await withHangingFolder { lab, folder, filesystem in
            let settings = ["BACKUP_DIR": folder]
            try await lab.types("call-center-admin db backup", with: settings)
            try filesystem.hang()
            let words = lab.admin.folder.appending("../words").string
            async let listing = lab.types("call-center-admin db list 2>\(words)", with: settings)
            try await lab.types("until grep -q 'mounted has not answered for 5 s; waiting$' \(words); do :; done")
            try filesystem.answer()
            let outcome = try await listing
            #expect(outcome.status == 0 && outcome.output.contains(Laboratory.database), "\(outcome)")
        }
    }

    private func withHangingFolder(_ body: (Laboratory, String, HangingFilesystem) async throws -> Void) async throws {
        try await withLaboratory { lab in
            try await HangingFilesystem.with { filesystem in try await body(lab, filesystem.folder.string, filesystem) }
        }
    }
}

extension DoctorAnswer.Finding {
    /// Itself and all that comes of it.
    fileprivate var family: [Self] { [self] + consequences.flatMap(\.family) }
}
