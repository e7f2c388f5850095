import BackupCatalog
import BackupModel
import BackupTestKit
import FoundationEssentials
import Glibc
import SystemPackage
import Testing

@Suite("The key of an installation")
struct InstallationKeyTests {
    @Test("It is made once, is another one in every folder, and nobody else may read it")
    func made() async throws {
        try await withTemporaryFolder { folder in
            let key = InstallationKey(folder: folder.string)
            #expect(try key.read() == nil && key.madeAt() == nil)
            let made = try key.readOrMake()
            #expect(try key.readOrMake() == made && key.read() == made)
            var facts = stat()
            #expect(stat("\(folder)/installation.key", &facts) == 0 && facts.st_mode & 0o777 == 0o600)
            #expect(try key.madeAt() == Instant(secondsSinceEpoch: Int64(facts.st_mtim.tv_sec)))
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.string) == ["installation.key"])
            try await withTemporaryFolder { other in
                let another = try InstallationKey(folder: other.string).readOrMake()
                #expect(another != made)
            }
        }
    }

    @Test("Of several who make it at once all have the same")
    func race() async throws {
        try await withTemporaryFolder { folder in
            let keys = try await withThrowingTaskGroup(of: Secret.self) { group in
                for _ in 0..<8 { group.addTask { try InstallationKey(folder: folder.string).readOrMake() } }
                return try await group.reduce(into: Set<Secret>()) { $0.insert($1) }
            }
            #expect(keys.count == 1)
        }
    }

    @Test("A folder that is gone is not made for it")
    func gone() async throws {
        try await withTemporaryFolder { folder in
            let key = InstallationKey(folder: "\(folder)/state")
            let known = try key.read()
            #expect(known == nil)
            #expect(throws: BackupError.self) { try key.readOrMake() }
            #expect(access("\(folder)/state", F_OK) != 0)
        }
    }
}
