import BackupModel
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
            ("28000", "role \"backup\" does not exist", .credentials), ("3D000", "database \"x\" does not exist", .databaseMissing),
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

    @Test(
        "A store's refusal is told by the words all stores use",
        arguments: [
            ("cannot list s3://b: there is no such bucket at http://x", Trouble.Kind.bucketMissing),
            ("cannot list s3://b: authentication denied, as the clock of this host is 2 h behind", .clock),
            ("cannot list s3://b: authentication failed: the secret is wrong", .credentials),
            ("cannot list s3://b: access denied", .denied),
            ("cannot list s3://b: http://x cannot be reached: refused", .notListening), ("cannot list s3://b: 500", .other),
        ])
    func store(message: String, kind: Trouble.Kind) {
        #expect(Trouble.ofStore(BackupError(.storeFailed, message)).kind == kind)
    }

    @Test("What does not answer within its time is a trouble of its own, and holds nothing up")
    func silence() async {
        let found: Known<Int> = await Looking(limit: .milliseconds(20), clock: ContinuousClock()).at("it", explaining: Trouble.plain) {
            try await Task.sleep(for: .seconds(3600))
            return 1
        }
        #expect(found.trouble?.kind == .silent)
    }
}
