import BackupModel

/// Reads the forms of `REDIS_URL`. By hand, as several hosts in one URL and sockets are no part of what general parsers know.
struct RedisURL {
    private let scheme: String
    /// Between `//` and the query, undecoded.
    private let body: Substring
    private let options: [String: String]

    init(_ text: String) throws(BackupError) {
        guard let colon = text.firstRange(of: "://") else { throw Self.wrong("it has no scheme") }
        scheme = text[..<colon.lowerBound].lowercased()
        let rest = text[colon.upperBound...]
        guard !rest.contains("#") else { throw Self.wrong("it contains a #, which has to be written %23") }
        let parts = rest.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        body = parts[0]
        options = try parts.count > 1 ? Self.options(parts[1]) : [:]
    }

    func target() throws(BackupError) -> RedisTarget {
        let isSecure = scheme.hasPrefix("rediss")
        let tls = try tlsOptions(isSecure: isSecure)
        switch scheme {
        case "redis", "rediss": return try server(tls)
        case "unix", "redis+unix": return try socket()
        case "redis+sentinel", "rediss+sentinel": return try sentinel(tls)
        case "redis+cluster", "rediss+cluster": return try cluster(tls)
        default:
            throw Self.wrong(
                "its scheme is none of redis, rediss, unix, redis+unix, redis+sentinel, rediss+sentinel, redis+cluster, rediss+cluster")
        }
    }
}

extension RedisURL {
    private func server(_ tls: TLSOptions?) throws(BackupError) -> RedisTarget {
        let (authority, path) = Self.divided(body)
        let (login, hosts) = try Self.authority(authority)
        guard hosts.count == 1 else { throw Self.wrong("it names several hosts; redis+sentinel:// and redis+cluster:// can") }
        guard path.count <= 1 else { throw Self.wrong("its path is more than a database number") }
        return RedisTarget(
            kind: .server, places: [try Self.place(hosts[0], port: 6379)], login: login, database: try database(path.first), tls: tls)
    }

    private func socket() throws(BackupError) -> RedisTarget {
        let (authority, path) = try Self.socketPath(body)
        let login = try Self.authority(authority).login
        return RedisTarget(kind: .server, places: [.socket(path: path)], login: login, database: try database(nil), tls: nil)
    }

    private func sentinel(_ tls: TLSOptions?) throws(BackupError) -> RedisTarget {
        let (authority, path) = Self.divided(body)
        let (login, hosts) = try Self.authority(authority)
        guard let first = path.first, !first.isEmpty, path.count <= 2 else {
            throw Self.wrong("it does not name the master: redis+sentinel://HOST:PORT/MASTER")
        }
        let password = options["sentinel_password"].map { RedisEndpoint.Login(user: options["sentinel_user"], password: Secret($0)) }
        var places: [RedisEndpoint.Place] = []
        for host in hosts { places.append(try Self.place(host, port: 26379)) }
        return RedisTarget(
            kind: .sentinel(master: try Self.decoded(first), login: password), places: places, login: login,
            database: try database(path.dropFirst().first), tls: tls)
    }

    private func cluster(_ tls: TLSOptions?) throws(BackupError) -> RedisTarget {
        let (authority, path) = Self.divided(body)
        let (login, hosts) = try Self.authority(authority)
        guard path.allSatisfy(\.isEmpty) else { throw Self.wrong("it has a path; a cluster has one database only") }
        var places: [RedisEndpoint.Place] = []
        for host in hosts { places.append(try Self.place(host, port: 6379)) }
        return RedisTarget(kind: .cluster, places: places, login: login, database: 0, tls: tls)
    }

    private func database(_ path: Substring?) throws(BackupError) -> Int {
        let text = path.flatMap { $0.isEmpty ? nil : String($0) } ?? options["db"] ?? "0"
        guard let number = Int(text), number >= 0 else { throw Self.wrong("its database is not a number") }
        return number
    }

    private func tlsOptions(isSecure: Bool) throws(BackupError) -> TLSOptions? {
        guard isSecure else {
            if let option = ["cacert", "cert", "key", "sni", "insecure"].first(where: { options[$0] != nil }) {
                throw Self.wrong("\(option) is an option of TLS, which takes rediss://")
            }
            return nil
        }
        var tls = TLSOptions()
        tls.authorityFile = options["cacert"]
        tls.certificateFile = options["cert"]
        tls.keyFile = options["key"]
        tls.serverName = options["sni"]
        if let insecure = options["insecure"] {
            guard ["true", "false"].contains(insecure) else { throw Self.wrong("insecure is neither true nor false") }
            tls.isInsecure = insecure == "true"
        }
        guard tls.keyFile == nil || tls.certificateFile != nil else { throw Self.wrong("key is given without cert") }
        return tls
    }
}

extension RedisURL {
    private static let knownOptions: Set = ["db", "cacert", "cert", "key", "sni", "insecure", "sentinel_user", "sentinel_password"]

    private static func options(_ query: Substring) throws(BackupError) -> [String: String] {
        var options: [String: String] = [:]
        for pair in query.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = String(parts[0])
            // An unencoded ? in a password lands here, so what is unknown is not repeated.
            guard knownOptions.contains(name), parts.count == 2 else {
                throw wrong("an option after ? is none of \(knownOptions.sorted().joined(separator: ", "))")
            }
            options[name] = try decoded(parts[1])
        }
        return options
    }

    /// What stands before the first slash, and what stands between the others.
    private static func divided(_ body: Substring) -> (authority: Substring, path: [Substring]) {
        let parts = body.split(separator: "/", omittingEmptySubsequences: false)
        return (parts[0], Array(parts.dropFirst()))
    }

    /// A socket's path begins at the first slash; a login may stand before it.
    private static func socketPath(_ body: Substring) throws(BackupError) -> (authority: Substring, path: String) {
        guard let slash = body.firstIndex(of: "/") else { throw wrong("it does not name a socket: unix:///path/to/redis.sock") }
        let authority = body[..<slash]
        guard authority.isEmpty || authority.hasSuffix("@") else { throw wrong("a socket's path has to begin with a slash: unix:///path") }
        return (authority, try decoded(body[slash...]))
    }

    /// `USER:PASSWORD@HOST,HOST`; a password may stand alone after its colon.
    private static func authority(_ text: Substring) throws(BackupError) -> (login: RedisEndpoint.Login?, hosts: [Substring]) {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count <= 2 else { throw wrong("it contains more than one @; in a password it has to be written %40") }
        let hosts = parts[parts.count - 1].split(separator: ",", omittingEmptySubsequences: false)
        guard parts.count == 2 else { return (nil, hosts) }
        let names = parts[0].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard names.count == 2 else { throw wrong("it names a user without a password: USER:PASSWORD@, or :PASSWORD@") }
        let user = try decoded(names[0])
        return (RedisEndpoint.Login(user: user.isEmpty ? nil : user, password: Secret(try decoded(names[1]))), hosts)
    }

    private static func place(_ text: Substring, port standard: Int) throws(BackupError) -> RedisEndpoint.Place {
        var host = text
        var port = Substring()
        if text.hasPrefix("["), let end = text.firstIndex(of: "]") {
            host = text[text.index(after: text.startIndex)..<end]
            port = text[text.index(after: end)...]
        } else if let colon = text.lastIndex(of: ":") {
            host = text[..<colon]
            port = text[colon...]
        }
        guard !host.isEmpty, host.allSatisfy(isOfHost) else { throw wrong("its host is missing or no host name") }
        guard !port.isEmpty else { return .network(host: String(host), port: standard) }
        guard port.hasPrefix(":"), let number = UInt16(port.dropFirst()), number > 0 else {
            throw wrong("its port is not a number up to 65535")
        }
        return .network(host: String(host), port: Int(number))
    }

    private static func isOfHost(_ character: Character) -> Bool {
        character.isASCII && (character.isLetter || character.isNumber || "-._:%".contains(character))
    }

    private static func decoded(_ text: some StringProtocol) throws(BackupError) -> String {
        var bytes: [UInt8] = []
        var rest = Substring(text).utf8
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            let digits = String(decoding: rest.prefix(2), as: UTF8.self)
            guard digits.utf8.count == 2, let value = UInt8(digits, radix: 16) else {
                throw wrong("a % in it is not followed by two hexadecimal digits")
            }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        guard let decoded = String(validating: bytes, as: UTF8.self) else { throw wrong("something in it is not UTF-8 once decoded") }
        return decoded
    }

    private static func wrong(_ what: String) -> BackupError {
        BackupError(
            .invalidConfiguration, "the address of Redis cannot be used: \(what)",
            hint: "Write REDIS_URL as redis://USER:PASSWORD@HOST:PORT/0, with characters such as @ : / # ? % in a password percent-encoded."
        )
    }
}
