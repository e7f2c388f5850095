import BackupTestKit
import Doctor
import SystemPackage
import Testing

@testable import BackupEngine

@Suite("A look at a folder")
struct FolderLookTests {
    @Test("Tells its rights, and which of our files others may read; what is somebody else's matter is left alone")
    func rights() async throws {
        try await withTemporaryFolder { folder in
            let (open, closed) = ("call_center-20260214T020000Z.sql.gz", "20260214T020000Z.json")
            let script =
                #"cd "$0" && touch "$1" "$2" notes.txt && chmod 640 "$1" && chmod 600 "$2" && chmod 644 notes.txt && ln -s "$1" latest.sql.gz && chmod 750 ."#
            try await Command("bash", ["-c", script, folder.string, open, closed]).output()
            let found = FolderLook(root: folder.string).look()
            #expect(found.exists && found.mayWrite && !found.isReadOnly)
            #expect(found.mode == 0o750 && found.owner == found.user)
            #expect(found.openFiles.map(\.path) == [open])
            #expect(found.openFiles.map(\.octal) == ["0640"])
            #expect(found.foreignFiles.isEmpty)
        }
    }

    @Test("A folder that is not there is no trouble of its rights")
    func missing() async throws {
        try await withTemporaryFolder { folder in
            let found = FolderLook(root: folder.appending("nowhere").string).look()
            #expect(!found.exists && found.openFiles.isEmpty)
        }
    }
}
