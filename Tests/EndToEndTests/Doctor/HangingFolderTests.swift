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
            let answer = try await lab.doctor(settings)
            #expect(answer.findings.map(\.code).contains("store-silent"), "\(answer.findings)")
            #expect(!answer.findings.contains { $0.code.hasPrefix("postgres") || $0.code.hasPrefix("redis") }, "\(answer.findings)")
            try filesystem.answer()
            try await lab.expectHealth(settings)
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
