import BackupModel
import BackupTestKit
import SystemPackage
import Testing

@testable import Redis

/// What `open` and one PING meet.
func refusal(of url: String, limits: ConnectionLimits = ConnectionLimits(connect: .seconds(5), reply: .seconds(5))) async -> BackupError? {
    do {
        let target = try RedisTarget(url: url)
        try await RedisConnection.with(target.endpoint(at: target.places[0]), limits: limits) {
            _ = try await $0.call(RedisCommand("PING"))
        }
        return nil
    } catch {
        return error as? BackupError
    }
}

func endpoint(_ url: String) throws -> RedisEndpoint {
    let target = try RedisTarget(url: url)
    return target.endpoint(at: target.places[0])
}

@Suite struct RedisConnectionTests {
    @Test(arguments: RedisInstallation.Version.allCases) func speaksToEveryServerOverBothKindsOfSocket(version: RedisInstallation.Version)
        async throws
    {
        try await withRedis(version) { server in
            for url in [server.url() + "/3", "unix://\(server.socket)?db=3"] {
                try await RedisConnection.with(try endpoint(url)) { connection in
                    let value = (0..<300_000).map { UInt8(truncatingIfNeeded: $0) }
                    try await connection.call(RedisCommand([Array("SET".utf8), [0, 255], value]))
                    #expect(try await connection.call(RedisCommand([Array("GET".utf8), [0, 255]])) == .bulk(value))
                    #expect(try await connection.call(RedisCommand("GET", "none")) == .null)
                    #expect(try await connection.ask(RedisCommand("LPUSH")) == nil)
                    let facts = try await RedisServerFacts.gather(over: connection)
                    #expect(facts.version?.flavour == (version.isValkey ? .valkey : .redis))
                    #expect(version.rawValue.hasSuffix(facts.version?.text.split(separator: ".").prefix(2).joined(separator: ".") ?? "?"))
                    #expect(facts.role == .primary && facts.keys == 1 && facts.findings(at: connection.endpoint).refusal == nil)
                }
            }
            #expect(try await server.cli("-n", "3", "DBSIZE") == "1")
        }
    }

    @Test func manyCommandsMayBeUnderWay() async throws {
        try await withRedis { server in
            try await RedisConnection.with(try endpoint(server.url())) { connection in
                await connection.send((0..<1000).map { RedisCommand("INCRBY", "n", "\($0)") })
                var last: RESPValue?
                for _ in 0..<1000 { last = try await connection.reply(to: "INCRBY") }
                #expect(last == .integer(499_500))
            }
        }
    }

    @Test func refusalsOfALoginAreToldApart() async throws {
        let settings = ["requirepass right", "user backup on >pw +ping", "user off off >pw +@all"]
        try await withRedis(.redis7, settings: settings) { server in
            #expect(await refusal(of: server.url(login: ":right@")) == nil)
            #expect(await refusal(of: server.url(login: "backup:pw@")) == nil)
            let none = await refusal(of: server.url())
            #expect(none?.code == .authenticationFailed && none?.message.contains("asks for authentication: NOAUTH") == true)
            for login in [":wrong@", "nobody:pw@", "off:pw@"] {
                let wrong = await refusal(of: server.url(login: login))
                #expect(wrong?.code == .authenticationFailed && wrong?.message.contains("denied the authentication") == true)
                #expect(wrong?.description.contains("pw") == false && wrong?.description.contains("wrong") == false)
            }
            let denied = await #expect(throws: BackupError.self) {
                try await RedisConnection.with(try endpoint(server.url(login: "backup:pw@"))) { try await $0.call(RedisCommand("INFO")) }
            }
            #expect(denied?.code == .permissionDenied && denied?.message.contains("denied the user backup permission for INFO") == true)
        }
        try await withRedis { server in
            let needless = await refusal(of: server.url(login: ":needless@"))
            #expect(needless?.code == .authenticationFailed && needless?.hint?.contains("take it out of REDIS_URL") == true)
            let database = await refusal(of: server.url() + "/99")
            #expect(database?.message.contains("refused SELECT") == true)
        }
    }

    @Test func aServerWithoutRoomSaysSo() async throws {
        try await withRedis(.redis7, settings: ["maxclients 1"]) { server in
            try await RedisConnection.with(try endpoint(server.url())) { _ in
                let error = await refusal(of: server.url())
                #expect(error?.code == .sourceUnreachable && error?.message.contains("has no room") == true)
            }
        }
    }

    @Test func aServerWithAScriptIsBusy() async throws {
        try await withRedis(.redis7, settings: ["busy-reply-threshold 1"]) { server in
            let loop = Task { try await server.cli("EVAL", "while true do end", "0") }
            var error: BackupError?
            while error == nil { error = await refusal(of: server.url()) }
            #expect(error?.code == .sourceUnreachable && error?.message.contains("is busy with a script: BUSY") == true)
            try await server.cli("SCRIPT", "KILL")
            _ = await loop.result
        }
    }

    @Test func placesWhereNobodyListensAreToldApart() async throws {
        let closed = await refusal(of: "redis://127.0.0.1:\(try FreePort.any())")
        #expect(closed?.code == .sourceUnreachable && closed?.message.contains("nobody listens there") == true)
        let unknown = await refusal(of: "redis://no-such-host.invalid")
        #expect(unknown?.code == .sourceUnreachable && unknown?.message.contains("cannot be resolved") == true)
        let missing = await refusal(of: "unix:///nonexistent/redis.sock")
        #expect(missing?.code == .sourceUnreachable && missing?.message.contains("there is no socket") == true)
    }

    @Test(arguments: [("HTTP/1.1 400 Bad Request\r\n", "6379"), ("\u{15}\u{3}\u{1}", "rediss://")])
    func whatIsNoRedisIsToldSo(answer: String, hint: String) async throws {
        try await withScriptedRedis(["PING": [.send(answer)]]) { server in
            let error = await refusal(of: server.url)
            #expect(error?.code == .sourceUnreachable && error?.message.contains("does not speak Redis' protocol") == true)
            #expect(error?.hint?.contains(hint) == true)
        }
    }

    @Test func aConnectionThatEndsOrStallsIsToldSo() async throws {
        try await withScriptedRedis(["PING": [.send("+PO"), .close], "AUTH": []]) { server in
            let ended = await refusal(of: server.url)
            #expect(ended?.code == .sourceUnreachable && ended?.message.contains("closed the connection before it replied to PING") == true)
            let login = "redis://:secret@127.0.0.1:\(server.port)"
            let silent = await refusal(of: login, limits: ConnectionLimits(connect: .seconds(30), reply: .seconds(1)))
            #expect(silent?.code == .sourceUnreachable && silent?.message.contains("reply to AUTH: no byte for 1.00 s") == true)
        }
    }

    @Test func aServerThatFallsSilentStalls() async throws {
        try await withScriptedRedis(["SELECT": []]) { server in
            let silent = await refusal(of: server.url + "/1", limits: ConnectionLimits(connect: .seconds(30), reply: .seconds(1)))
            #expect(silent?.code == .stalled && silent?.message.contains("waiting for the reply to SELECT: no byte for 1.00 s") == true)
        }
    }

    @Test(.timeLimit(.minutes(5))) func cancellingClosesTheSocket() async throws {
        try await withRedis { server in
            let waiting = Task {
                try await RedisConnection.with(try endpoint(server.url()), limits: ConnectionLimits(reply: .seconds(3600))) {
                    try await $0.call(RedisCommand("BLPOP", "nothing", "0"))
                }
            }
            try await server.wait(for: "blocked_clients:1", in: "clients")
            waiting.cancel()
            await #expect(throws: CancellationError.self) { try await waiting.value }
            try await server.wait(for: "blocked_clients:0", in: "clients")
        }
    }
}

@Suite struct TLSTests {
    @Test func trustsAPrivateAuthority() async throws {
        try await withRedis(RedisBlueprint(tls: .serverOnly)) { server in
            #expect(await refusal(of: server.url()) == nil)
            let place = "rediss://127.0.0.1:\(server.port)"
            #expect(await refusal(of: "\(place)?insecure=true") == nil)
            let stranger = await refusal(of: "\(place)?sni=redis.test")
            #expect(stranger?.code == .sourceUnreachable && stranger?.message.contains("is not one we trust") == true)
            let unnamed = await refusal(of: "\(place)?cacert=\(server.folder)/ca.crt")
            #expect(unnamed?.code == .sourceUnreachable && unnamed?.message.contains("is for another name") == true)
            let clear = await refusal(of: "redis://127.0.0.1:\(server.port)")
            #expect(clear?.code == .sourceUnreachable && clear?.hint?.contains("rediss://") == true)
        }
    }

    @Test func showsACertificateOfItsOwn() async throws {
        try await withRedis(RedisBlueprint(tls: .mutual)) { server in
            #expect(await refusal(of: server.url()) == nil)
            let anonymous = await refusal(of: "rediss://127.0.0.1:\(server.port)?cacert=\(server.folder)/ca.crt&sni=redis.test")
            #expect(anonymous?.code == .sourceUnreachable && anonymous?.message.contains("TLS client certificate") == true)
        }
    }

    @Test func filesThatCannotBeUsedAreNamed() async throws {
        try await withRedis { server in
            let missing = await refusal(of: "rediss://127.0.0.1:\(server.port)?cacert=/nonexistent/ca.crt")
            #expect(missing?.code == .invalidConfiguration && missing?.message.contains("/nonexistent/ca.crt") == true)
            let limits = ConnectionLimits(connect: .seconds(30), reply: .seconds(1))
            let inTheClear = await refusal(of: "rediss://127.0.0.1:\(server.port)?insecure=true", limits: limits)
            #expect(inTheClear?.code == .sourceUnreachable && inTheClear?.hint?.contains("redis://") == true)
        }
    }
}

extension RedisServerFacts {
    func findings(at endpoint: RedisEndpoint) -> [PreflightFinding] { CopyPreflight(facts: self, server: endpoint).findings }
}
