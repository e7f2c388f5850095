import BackupModel
import BackupReports
import BackupTestKit
import Doctor
import Postgres
import Redis
import Testing

@testable import BackupEngine

@Suite("Errors as the doctor understands them")
struct TroubleTests {
    @Test(
        "A refusal of PostgreSQL is told by its SQLSTATE",
        arguments: [
            ("28P01", "password authentication failed", Trouble.Kind.credentials), ("28000", "no pg_hba.conf entry for host", .accessRules),
            ("28000", "role \"backup\" does not exist", .roleRefused), ("3D000", "database \"x\" does not exist", .databaseMissing),
            ("53300", "sorry, too many clients already", .crowded), ("57P03", "the database system is starting up", .notReady),
            ("42501", "permission denied", .denied),
        ])
    func sqlState(state: String, message: String, kind: Trouble.Kind) {
        let cause = PostgresError(sqlState: state, message: message)
        #expect(Trouble.ofPostgres(BackupError(.failed, "refused: \(message)", cause: cause)).kind == kind)
    }

    @Test(
        "What never reached PostgreSQL is told by its words",
        arguments: [
            ("could not translate host name \"db\" to address", Trouble.Kind.unknownHost), ("Connection refused", .notListening),
            ("connection to server on socket \"/run/x\" failed: No such file or directory", .notListening),
            ("server closed the connection unexpectedly", .other),
        ])
    func words(message: String, kind: Trouble.Kind) {
        let cause = PostgresError(sqlState: nil, message: message)
        #expect(Trouble.ofPostgres(BackupError(.sourceUnreachable, "cannot connect", cause: cause)).kind == kind)
    }

    @Test(
        "A refusal of Redis is told by its first word",
        arguments: [
            ("NOAUTH", Trouble.Kind.credentials), ("WRONGPASS", .credentials), ("DENIED", .accessRules), ("NOPERM", .denied),
            ("LOADING", .notReady), ("ERR", .other),
        ])
    func redis(word: String, kind: Trouble.Kind) {
        let cause = RedisError(kind: word, message: "…")
        #expect(Trouble.ofRedis(BackupError(.failed, "refused", cause: cause)).kind == kind)
    }

    @Test("A Redis that has no room for another client says so without a word of its own")
    func crowded() {
        let full = RedisError(kind: "ERR", message: "max number of clients reached")
        let other = RedisError(kind: "ERR", message: "syntax error")
        #expect(Trouble.ofRedis(BackupError(.sourceUnreachable, "no room", cause: full)).kind == .crowded)
        #expect(Trouble.ofRedis(BackupError(.failed, "refused", cause: other)).kind == .other)
    }

    @Test("What stands in the way of a store or of Redis is told by its name, whatever the words", arguments: BackupError.Obstacle.allCases)
    func obstacles(_ obstacle: BackupError.Obstacle) {
        let kinds: [BackupError.Obstacle: Trouble.Kind] = [
            .unreachable: .notListening, .unknownHost: .unknownHost, .silent: .silent, .credentials: .credentials, .denied: .denied,
            .bucketMissing: .bucketMissing, .folderMissing: .folderMissing, .clock: .clock, .region: .region,
            .databaseClosed: .databaseClosed,
        ]
        #expect(Trouble.ofStore(BackupError(.storeFailed, "words", obstacle: obstacle)).kind == kinds[obstacle])
        #expect(Trouble.ofRedis(BackupError(.sourceUnreachable, "words", obstacle: obstacle)).kind == kinds[obstacle])
    }

    @Test(
        "Where the code of a store's refusal says it, nothing else has to",
        arguments: [
            (BackupError.Code.stalled, Trouble.Kind.silent), (.storeReadOnly, .readOnly), (.outOfSpace, .full),
            (.artifactMissing, .folderMissing), (.storeFailed, .other),
        ])
    func codes(code: BackupError.Code, kind: Trouble.Kind) {
        #expect(Trouble.ofStore(BackupError(code, "access denied")).kind == kind)
    }

    @Test("What does not answer within its time is a trouble of its own, and holds nothing up")
    func silence() async {
        let found: Known<Int> = await Looking(limit: .milliseconds(20), clock: SteppingClock(), threads: LookingThreads()).at(
            Bilingual("it", "это"), explaining: Trouble.plain
        ) {
            try await Task.sleep(for: .seconds(3600))
            return 1
        }
        #expect(found.trouble?.kind == .silent)
        #expect(found.trouble?.russian?.hasSuffix(": это") == true)
    }
}
