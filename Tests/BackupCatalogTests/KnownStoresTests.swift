import BackupCatalog
import BackupModel
import BackupTestKit
import Foundation
import SystemPackage
import Testing

@Suite("Which stores were given backups")
struct KnownStoresTests {
    @Test("is known of each until it is forgotten, and a file that is none says nothing")
    func known() async throws {
        try await withTemporaryFolder { folder in
            let known = KnownStores(folder: folder.string)
            let ids = try ["20260214T020000Z", "20260215T020000Z"].map { try #require(RecoveryPointID($0)) }
            #expect(known.lastBackup(in: "/backups") == nil)
            try known.forget("/backups")
            try known.note(ids[0], in: ["/backups", "s3://bucket"])
            try known.note(ids[1], in: ["/backups"])
            let again = KnownStores(folder: folder.string)
            #expect(["/backups", "s3://bucket", "gs://x"].map(again.lastBackup) == [ids[1], ids[0], nil])
            try again.forget("/backups")
            #expect(["/backups", "s3://bucket"].map(known.lastBackup) == [nil, ids[0]])
            try "{".write(toFile: folder.string + "/stores.json", atomically: false, encoding: .utf8)
            #expect(known.lastBackup(in: "s3://bucket") == nil)
        }
    }

    @Test("cannot be written down where there is no state folder, which is an error")
    func nowhere() throws {
        let id = try #require(RecoveryPointID("20260214T020000Z"))
        let error = #expect(throws: BackupError.self) { try KnownStores(folder: "/proc/nowhere").note(id, in: ["/backups"]) }
        #expect(error?.code == .storeFailed && error?.hint?.contains("BACKUP_STATE_DIR") == true)
    }
}
