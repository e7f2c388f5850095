import BackupModel
import BackupTestKit
import Foundation
import Testing

@Suite("Files that are not fresh any more, where the runbook looks for them")
struct FreshFilesTests {
    @Test("The newest backup in the folder, in S3 and in GCS is more than a day old, until the next one is in all of them")
    func old() async throws {
        for program in ["jq", "curl", "python3"] { try requireProgram(program, package: program) }
        try requireStore(.moto)
        try await withThreeStores(mebibytes: 1) { _, database, stores in
            var folderAlone = stores.admin
            folderAlone.environment = [:]
            try await folderAlone.backup(database, hoursAgo: 50)
            // A copy is as old as its backup, whenever it was made: by its name, as buckets tell no other time but that of the copy.
            try await stores.admin.command("db", "sync").output()
            let yesterday = RecoveryPointID(at: RunContext.live().now() + .seconds(-86_400)).description
            let old = try await stores.newest()
            #expect(old.count == 3 && Set(old).count == 1 && old[0] < yesterday, "\(old), \(yesterday)")
            try await stores.admin.backup(database)
            let fresh = try await stores.newest()
            #expect(fresh.count == 3 && Set(fresh).count == 1 && fresh[0] > yesterday, "\(fresh), \(yesterday)")
        }
    }
}

extension ThreeStores {
    /// The id of the newest backup in each of them, by the runbook's ways to list files.
    fileprivate func newest() async throws -> [String] {
        let fixtures = try #require(Bundle.module.url(forResource: "Fixtures/runbook", withExtension: nil)).path()
        let places = ["TOOLS": "\(fixtures)/bin", "MACHINE_BOTO": "\(StoreFolder.path)/moto/python"]
        var newest: [String] = []
        for line in [
            "ls -l $BACKUPS/", "aws s3 ls s3://$BACKUP_S3_BUCKET/$BACKUP_S3_PREFIX --recursive",
            "gsutil ls -l gs://$BACKUP_GCS_BUCKET/$BACKUP_GCS_PREFIX/",
        ] {
            let listed = try await admin.shell(Self.tools + line, places)
            #expect(listed.status == 0, "\(line): \(listed)")
            let ids = listed.output.matches(of: /-(\d{8}T\d{6}Z)\.sql\.gz/).map { String($0.1) }
            newest.append(try #require(ids.max(), "\(line): \(listed)"))
        }
        return newest
    }

    /// The programs that play aws and gsutil, told of the servers of the test.
    private static let tools = """
        export MACHINE_S3_URL=$AWS_ENDPOINT_URL_S3 MACHINE_S3_REGION=$AWS_REGION MACHINE_S3_KEY=$AWS_ACCESS_KEY_ID
        export MACHINE_S3_SECRET=$AWS_SECRET_ACCESS_KEY MACHINE_GCS_URL=$STORAGE_EMULATOR_HOST
        aws() { bash "$TOOLS/aws" "$@"; }
        gsutil() { bash "$TOOLS/gsutil" "$@"; }

        """
}
