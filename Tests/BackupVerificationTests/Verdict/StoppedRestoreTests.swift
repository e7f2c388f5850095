import BackupModel
import Postgres
import ScratchServers
import Testing

@testable import BackupVerification

@Suite("A restore that stopped")
struct StoppedRestoreTests {
    private static func refusal(_ state: String) -> BackupError {
        BackupError(.failed, "the restore stopped", cause: PostgresError(sqlState: state, message: "no"))
    }

    @Test(
        "is a finding when the server refused what the file says, or the file is damaged",
        arguments: [
            refusal("23505"), refusal("42P01"), BackupError(.verificationFailed, "a checksum differs"),
        ])
    func finding(error: BackupError) throws {
        #expect(try Finding(stoppedBy: error).message == "\(error)")
    }

    @Test(
        "is none when this host cannot do such a thing",
        arguments: [
            BackupError(.invalidUsage, "the dump has no table calls"), BackupError(.versionMismatch, "no pg_dump was found"),
            BackupError(.outOfSpace, "the disk is full"),
        ])
    func hindrance(error: BackupError) {
        #expect(throws: ScratchUnavailable.self) { try Finding(stoppedBy: error) }
    }

    @Test(
        "is an error when it says nothing of the file",
        arguments: [
            refusal("57P01"), refusal("XX000"), BackupError(.storeFailed, "cannot read"), BackupError(.failed, "cannot read"),
            BackupError(.sourceUnreachable, "the server is gone"),
        ])
    func failure(error: BackupError) {
        let thrown = #expect(throws: BackupError.self) { try Finding(stoppedBy: error) }
        #expect(thrown?.code == error.code)
    }

    @Test("needs room by the length of the text, where that is known")
    func room() {
        var verdict = Verdict(kind: .script, level: .content, bytes: 1000)
        #expect(ForeignProof.databaseBytes(of: verdict, fileBytes: 1000) == 16000)
        verdict.textBytes = 1000
        #expect(ForeignProof.databaseBytes(of: verdict, fileBytes: 1000) == 2000)
    }
}
