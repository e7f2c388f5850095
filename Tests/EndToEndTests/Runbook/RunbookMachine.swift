import BackupTestKit
import Foundation
import Glibc
import SystemPackage
import Testing

/// The machine of the runbooks: databases, the service, three stores and Prometheus are real and the test's own; docker, journalctl, aws, gsutil and
/// gcloud are played by programs of Fixtures/runbook/bin, which hand over to them.
struct RunbookMachine {
    let postgres: PostgresServer
    let redis: RedisServer
    let folder: FilePath
    /// Addresses and paths of the runbooks, and what they are here.
    private let places: [(runbook: String, here: String)]
    let environment: [String: String]

    static let database = "call_center"

    /// `/backups`.
    var backups: FilePath { folder.appending("backups") }
    /// The settings of the service.
    var settings: FilePath { folder.appending("deploy/.env") }

    init(
        _ postgres: PostgresServer, _ redis: RedisServer, _ s3: S3Server, prefix: String, _ gcs: FakeGCS, prometheus: String,
        metrics: String,
        folder: FilePath
    ) throws {
        (self.postgres, self.redis, self.folder) = (postgres, redis, folder)
        let calls = try FreePort.any()
        let programs = AdminProgram.programs.string
        places = [
            ("http://localhost:9090", prometheus), ("http://localhost:8085", "http://\(metrics)"),
            ("http://localhost:8080", "http://localhost:\(calls)"), ("localhost -p 5432", "127.0.0.1 -p \(postgres.port)"),
            ("s3://call-center-backups", "s3://\(s3.bucket)/\(prefix)"), ("gs://call-center-backups", "gs://\(gcs.bucket)/runbook"),
            ("https://s3.us-east-1.amazonaws.com", s3.url), ("hosts s3.us-east-1.amazonaws.com", "hosts localhost"),
            ("--bucket call-center-backups", "--bucket \(s3.bucket)"), ("--region us-east-1", "--region \(s3.region)"),
            ("/path/to/.env", "\(folder)/deploy/.env"), ("/etc/call-center-backup/env", "\(folder)/deploy/.env"),
            ("/var/lib/call-center-backup", "\(folder)/backups/.state"), ("/opt/call-center/deploy", "\(folder)/deploy"),
            ("/secure-backup-location", "\(folder)/secure"), ("/tmp/", "\(folder)/tmp/"), ("/backups", "\(folder)/backups"),
        ]
        environment = [
            "PATH":
                "\(folder)/bin:\(programs):\(postgres.program("").string):\(ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin")",
            "BACKUP_ENV_FILE": "\(folder)/deploy/.env", "MACHINE_PROGRAMS": programs, "MACHINE_PROMETHEUS": prometheus,
            "MACHINE_SETTINGS": "\(folder)/deploy/.env",
            "MACHINE_STATE": "\(folder)/state", "MACHINE_TMP": "\(folder)/tmp", "MACHINE_CALLS_PORT": "\(calls)",
            "MACHINE_PG_BIN": postgres.installation.programs.string, "MACHINE_POSTGRES": postgres.folder.string,
            "MACHINE_PG_PORT": "\(postgres.port)", "MACHINE_REDIS": redis.folder.string, "MACHINE_REDIS_PORT": "\(redis.port)",
            "MACHINE_REDIS_SERVER": redis.installation.server.string, "MACHINE_REDIS_CLI": try Self.path(of: "redis-cli"),
            "MACHINE_S3_URL": s3.url, "MACHINE_S3_REGION": s3.region,
            "MACHINE_S3_KEY": s3.accessKeyID, "MACHINE_S3_SECRET": s3.secretAccessKey, "MACHINE_GCS_URL": gcs.url,
            "MACHINE_BOTO": "\(StoreFolder.path)/moto/python",
        ]
    }

    /// What was typed, and what came of it.
    struct Typed: CustomStringConvertible {
        let command: String
        let status: Int32
        let output: String
        let errors: String
        let seconds: Double

        var description: String { "\(command): status \(status)\n\(output.suffix(1500))\(errors.suffix(1500))" }
        var lines: [Substring] { output.split(separator: "\n") }
    }
}

extension RunbookMachine {
    /// Types commands into one shell, each after the one before has ended, whatever came of it.
    /// - Parameter preface: typed before, and not told of.
    func types(_ commands: [String], after preface: [String] = []) async throws -> [Typed] {
        let answers = folder.appending("answers")
        try await Command("rm", ["-rf", answers.string]).output()
        try await Command("mkdir", [answers.string]).output()
        let steps = commands.enumerated().map { place, command in
            """
            began=$EPOCHREALTIME
            { \(here(command))
            } </dev/null >"\(answers)/\(place).out" 2>"\(answers)/\(place).err"
            echo "$? $((${EPOCHREALTIME/[.,]/} - ${began/[.,]/}))" >"\(answers)/\(place).end"
            """
        }
        var shell = Command("bash", ["-c", (preface.map(here) + steps).joined(separator: "\n")], environment: clean)
        shell.workingDirectory = folder.appending("deploy")
        try await shell.output()
        return try commands.enumerated().map { place, command in try answer(to: command, "\(answers)/\(place)") }
    }

    private func answer(to command: String, _ path: String) throws -> Typed {
        func text(_ ending: String) throws -> String { String(decoding: try Data(contentsOf: URL(filePath: path + ending)), as: UTF8.self) }
        let end = try text(".end").split(whereSeparator: \.isWhitespace).compactMap { Double($0) }
        return Typed(
            command: command, status: Int32(end[0]), output: try text(".out"), errors: try text(".err"), seconds: end[1] / 1_000_000)
    }

    /// One command, and what came of it.
    @discardableResult
    func types(_ command: String) async throws -> Typed { try await types([command])[0] }

    /// One that has to succeed.
    @discardableResult
    func does(_ command: String, sourceLocation: SourceLocation = #_sourceLocation) async throws -> Typed {
        let typed = try await types(command)
        try #require(typed.status == 0, "\(typed)", sourceLocation: sourceLocation)
        return typed
    }

    /// Whoever writes to the databases notices a moment after they are back.
    func awaitHealthyWriter() async throws {
        let isWell = #"curl -s http://localhost:8080/health | jq -e ".status == \"ok\"""#
        try await does("timeout 60 bash -c 'until \(isWell) >/dev/null; do sleep 0.1; done'")
    }

    /// In one pass: what is put in is not looked through again.
    private func here(_ command: String) -> String {
        var (left, right) = ("", command[...])
        while let next = right.first {
            if let place = places.first(where: { right.hasPrefix($0.runbook) }) {
                left += place.here
                right.removeFirst(place.runbook.count)
            } else {
                left.append(next)
                right.removeFirst()
            }
        }
        return left
    }

    /// Variables of whoever runs the tests that would change what the programs do are taken away.
    private var clean: [String: String?] {
        var all: [String: String?] = postgres.environment.mapValues { _ in nil }
        for name in ["DATABASE_URL", "REDIS_URL", "BACKUP_CONFIG", "BACKUP_DIR", "REDIS_PASSWORD", "REDISCLI_AUTH"] {
            all[name] = .some(nil)
        }
        return all.merging(environment.mapValues { Optional($0) }) { $1 }
    }

    /// Writes a setting, in place of the one there was.
    func set(_ name: String, _ value: String) async throws {
        try await Command("bash", ["-c", #"sed -i "/^$1=/d" "$0" && echo "$1=$2" >>"$0""#, settings.string, name, value]).output()
    }

    /// A backup that fails as the runbook has it: what is in the settings is no longer what the server knows.
    func failBackup() async throws {
        try await set("PGPASSWORD", "forgotten")
        try await does("docker compose restart backup-service")
        try await order("backup")
        try await does(
            #"until curl -s "http://localhost:9090/api/v1/query?query=backup_status" | grep -q failed; do /bin/sleep 0.2; done"#)
    }

    /// Has the service do something now, and waits until it has.
    func order(_ kind: String) async throws {
        let head = #"-H "Authorization: Bearer \#(Self.token)" -H "Content-Type: application/json""#
        let id = try await does(#"curl -sf -X POST http://localhost:8085/api/runs \#(head) -d '{"kind":"\#(kind)"}' | jq -er .id"#)
        let state = #"curl -sf http://localhost:8085/api/runs | jq -r '.runs[] | select(.id == "\#(id.lines[0])") | .state'"#
        try await does("until [[ $(\(state)) =~ succeeded|failed ]]; do /bin/sleep 0.2; done")
    }

    static let token = "a-token-of-the-tests"
    static let password = "administrator"

    private static func path(of program: String) throws -> String {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":")
        return try #require(folders.map { "\($0)/\(program)" }.first { access($0, X_OK) == 0 }, "\(program) is missing")
    }
}
