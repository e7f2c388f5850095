import BackupTestKit
import Testing

@Suite("What a service with secrets answers", .timeLimit(.minutes(5)))
struct AnsweredSecretsTests {
    /// Every secret has this in it, and nothing else has.
    private static let mark = "hush"

    /// A password that is wrong, a Redis that is not there, and a server that refuses everything else, with a secret for each.
    private static func settings(_ server: PostgresServer, _ refusing: ScriptedHTTP) -> [String: String] {
        let key = mark + String(repeating: "0", count: 32 - mark.count)
        return [
            "DATABASE_URL": "postgres://postgres:\(mark)-database@127.0.0.1:\(server.port)/postgres",
            "REDIS_URL": "redis://default:\(mark)-redis@127.0.0.1:1",
            "BACKUP_S3_BUCKET": "backups", "AWS_ENDPOINT_URL_S3": refusing.url, "AWS_ACCESS_KEY_ID": "backup",
            "AWS_SECRET_ACCESS_KEY": "\(mark)-store", "AWS_SESSION_TOKEN": "\(mark)-session",
            "PAGERDUTY_ROUTING_KEY": key, "PAGERDUTY_URL": refusing.url + "/v2/enqueue",
            "BACKUP_WEBHOOK_URL": "\(refusing.url)/hook?token=\(mark)-webhook", "BACKUP_WEBHOOK_SECRET": "\(mark)-signature",
            "BACKUP_SMTP_URL": "smtp://backup:\(mark)-mail@127.0.0.1:1", "BACKUP_SMTP_FROM": "backup@example.org",
            "BACKUP_SMTP_TO": "ops@example.org",
            "BACKUP_HEARTBEAT_URL": "\(refusing.url)/\(mark)-heartbeat", "BACKUP_HEARTBEAT_FAIL_URL": "\(refusing.url)/\(mark)-failure",
            "BACKUP_ESCALATION_DBA": "\(key.dropLast())1", "BACKUP_HTTP_TOKEN": "\(mark)-changes-0123456789",
            "BACKUP_HTTP_READ_TOKEN": "\(mark)-reading-0123456789",
        ]
    }

    @Test("None of them is in any answer, on any path, while all that they open fails, nor in its log")
    func everywhere() async throws {
        try requireServer(15)
        try requireProgram("jq", package: "jq")
        try await withPostgres(PostgresBlueprint(password: "right")) { server in
            try await withAdmin(server) { admin in
                let refusal = "<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"
                try await withScriptedHTTP({ _ in .answer(403, headers: ["Content-Type": "application/xml"], refusal) }) { refusing in
                    let settings = Self.settings(server, refusing)
                    let outcome = try await admin.asked("postgres", settings) { service in
                        let answers = try await answers(of: service.address, settings)
                        // It has looked, and tells of it.
                        for part in ["127.0.0.1:1", "s3://backups", "password"] { #expect(answers.contains(part), "\(part)") }
                        #expect(answers.ranges(of: "HTTP/1.1 ").count > 20)
                        let lines = answers.split(whereSeparator: \.isNewline)
                        #expect(lines.filter { $0.contains(Self.mark) } == [])
                        try service.program.send(.terminate)
                    }
                    #expect(outcome.status == 0)
                    #expect(outcome.errors.contains("ERROR: Backup failed: "))
                    #expect(!outcome.errors.contains(Self.mark), "\(outcome.errors)")
                }
            }
        }
    }

    /// Everything its description names, in both languages, for whoever may and may not, once the doctor has said what he finds.
    private func answers(of address: String, _ settings: [String: String]) async throws -> String {
        let arguments = [address, settings["BACKUP_HTTP_READ_TOKEN"] ?? "", settings["BACKUP_HTTP_TOKEN"] ?? ""]
        return try await Command("timeout", ["90", "bash", "-c", Self.crawl] + arguments).output()
    }

    private static let crawl = """
        set -euo pipefail
        get() { curl -s --max-time 30 -H "Authorization: Bearer $1" "${@:3}" "http://$address$2"; }
        address=$0 read=$1 change=$2
        until get "$read" /api/health | jq '.diagnosis.findings | length > 0' | grep -qx true; do sleep 0.2; done
        until get "$read" /api/runs | jq '.runs | length > 0' | grep -qx true; do sleep 0.2; done
        runs=$(get "$read" /api/runs | jq -r '.runs[:2][].id')
        for path in $(get "$read" /api/openapi.json | jq -r '.paths | keys[]'); do
            for id in $runs nothing; do
                get "$read" "${path/'{id}'/$id}" -i
                get "$read" "${path/'{id}'/$id}?lang=ru" -i
                [[ $path == *'{id}'* ]] || break
            done
        done
        for token in '' wrong; do get "$token" / -i; get "$token" /api/runs -i; done
        json=(-i -H 'Content-Type: application/json')
        get "$read" /api/runs "${json[@]}" -d '{"kind":"backup"}'
        get "$change" /api/runs "${json[@]}" -d '{"kind":"nothing"}'
        get "$change" /api/runs "${json[@]}" -d '{"kind":"verification","point":"20260101T000000Z"}'
        """
}
