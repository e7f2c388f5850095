package import SystemPackage

/// A private Redis of one test, on 127.0.0.1 and a Unix socket in its own folder.
package struct RedisServer: Sendable {
    package let installation: RedisInstallation
    package let host = "127.0.0.1"
    package let port: Int
    /// Holds `log`, `socket`, `dump.rdb` and, with TLS, `ca.crt`, `client.crt`, `client.key`.
    package let folder: FilePath
    let tls: RedisBlueprint.TLS?

    package var version: RedisInstallation.Version { installation.version }
    package var socket: FilePath { folder.appending("socket") }
    package var logFile: FilePath { folder.appending("log") }
    package var dumpFile: FilePath { folder.appending("dump.rdb") }

    /// A URL without a login; `port` may be that of a proxy in front.
    package func url(login: String = "", port: Int? = nil) -> String {
        "\(tls == nil ? "redis" : "rediss")://\(login)\(host):\(port ?? self.port)\(options)"
    }

    /// What a URL needs behind its `?` for TLS; nothing without.
    var options: String {
        guard let tls else { return "" }
        let client = tls == .mutual ? "&cert=\(folder)/client.crt&key=\(folder)/client.key" : ""
        return "?cacert=\(folder)/ca.crt&sni=redis.test\(client)"
    }

    /// Runs one command through redis-cli, over the Unix socket, which takes no TLS.
    /// - Parameter input: commands to run after it, one per line.
    @discardableResult
    package func cli(_ arguments: String..., input: String = "") async throws -> String {
        let command = Command("redis-cli", ["-s", socket.string, "-e"] + arguments, environment: ["REDISCLI_AUTH": nil])
        let output = try await command.output(input: input)
        return output.hasSuffix("\n") ? String(output.dropLast()) : output
    }

    /// Fills database `number` with keys of every kind, from one seed, so that the same call gives the same data.
    package func fill(keys: Int, valueBytes: Int = 100, database number: Int = 0) async throws {
        let script = """
            math.randomseed(7)
            for i = 1, tonumber(ARGV[1]) do
                local pad = string.rep(string.char(97 + i % 26), math.random(tonumber(ARGV[2])) + 1)
                redis.call('SET', 's:' .. i, pad .. i)
                if i % 10 == 0 then redis.call('HSET', 'h:' .. i, 'field', pad, 'n', i) end
                if i % 10 == 1 then redis.call('RPUSH', 'l:' .. i, pad, i, 'x') end
                if i % 10 == 2 then redis.call('SADD', 'set:' .. i, pad, i) end
                if i % 10 == 3 then redis.call('ZADD', 'z:' .. i, i, pad, 1.5, 'low') end
                if i % 10 == 4 then redis.call('PEXPIREAT', 's:' .. i, 4102444800000 + i) end
                if i % 10 == 5 then redis.call('XADD', 'x:' .. i, '1-' .. i, 'f', pad) end
            end
            return 'OK'
            """
        try await cli("-n", "\(number)", "EVAL", script, "0", "\(keys)", "\(valueBytes)")
    }

    /// Kills the server as a crash of the machine would.
    package func crash() async throws {
        try await Command("bash", ["-c", "kill -9 $(cat '\(folder)/pid')"]).output()
    }
}
