import BackupModel
import BackupTestKit
import BackupVerification
import DumpFormat
import DumpSamples
import Foundation
import Synchronization
import SystemPackage
import Testing

@testable import BackupEngine

struct VerifyRunTests {
    /// Every look at this clock finds it 1.5 seconds later.
    private static func context() -> RunContext {
        let looks = Mutex<Int64>(0)
        return RunContext(now: {
            looks.withLock { looks in
                looks += 1
                return Instant(millisecondsSinceEpoch: looks * 1_500)
            }
        })
    }

    @Test
    func givesAVerdictWithItsDuration() async throws {
        try await withTemporaryFolder { folder in
            let path = folder.appending("call_center.sql.gz").string
            try Data(try SampleDump.small(.gzip).write().bytes).write(to: URL(filePath: path))
            let verdict = try await VerifyRun(
                try await StoredFile(path: path).open(), path: path, level: .content, jobs: 2, context: Self.context()
            ).run()
            #expect(verdict.passed)
            #expect(verdict.rows == 111)
            #expect(verdict.seconds == 1.5)
        }
    }

    @Test
    func givesAVerdictOnADamagedFile() async throws {
        try await withTemporaryFolder { folder in
            let path = folder.appending("call_center.sql.gz").string
            try Data(try SampleDump.small(.gzip).write().bytes.dropLast(200)).write(to: URL(filePath: path))
            let verdict = try await VerifyRun(
                try await StoredFile(path: path).open(), path: path, level: .quick, jobs: 2, context: Self.context()
            ).run()
            #expect(!verdict.passed)
            #expect(!verdict.findings.isEmpty)
        }
    }

    @Test
    func throwsWhereThereIsNoFile() async throws {
        let error = await #expect(throws: BackupError.self) { try await StoredFile(path: "/nonexistent/call_center.sql.gz").open() }
        #expect(error?.code == .artifactMissing)
    }
}
