package import BackupModel

/// What `REDIS_URL` says: one server, the Sentinels that know where it is, or a cluster.
///
///     redis://[USER:PASSWORD@]HOST[:PORT][/DATABASE]           rediss:// with TLS
///     unix://[USER:PASSWORD@]/PATH[?db=DATABASE]               also redis+unix://
///     redis+sentinel://[USER:PASSWORD@]HOST[:PORT],…/MASTER[/DATABASE]
///     redis+cluster://[USER:PASSWORD@]HOST[:PORT],…
///
/// `rediss+sentinel` and `rediss+cluster` take TLS. Options after `?`: `cacert`, `cert`, `key`, `sni` and `insecure=true` for TLS, named as
/// redis-cli's; `sentinel_user` and `sentinel_password` where Sentinels have a login of their own.
package struct RedisTarget: Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
        case server
        /// `login` is for the Sentinels themselves.
        case sentinel(master: String, login: RedisEndpoint.Login?)
        case cluster
    }

    package var kind: Kind
    /// The server; the Sentinels; some nodes of the cluster. Never empty.
    package let places: [RedisEndpoint.Place]
    package var login: RedisEndpoint.Login?
    package var database: Int
    package var tls: TLSOptions?

    init(kind: Kind, places: [RedisEndpoint.Place], login: RedisEndpoint.Login?, database: Int, tls: TLSOptions?) {
        self.kind = kind
        self.places = places
        self.login = login
        self.database = database
        self.tls = tls
    }

    package init(_ endpoint: RedisEndpoint) {
        self.init(kind: .server, places: [endpoint.place], login: endpoint.login, database: endpoint.database, tls: endpoint.tls)
    }

    /// - Throws: `BackupError` with `.invalidConfiguration` that says which part is wrong; the text itself is never repeated, it may hold a password.
    package init(url: String) throws(BackupError) {
        self = try RedisURL(url).target()
    }

    /// A data server at one place, with this target's login and TLS.
    package func endpoint(at place: RedisEndpoint.Place) -> RedisEndpoint {
        RedisEndpoint(place, login: login, database: database, tls: tls)
    }

    /// The same target with a password, unless it has one already.
    package func withPassword(_ secret: Secret) -> RedisTarget {
        guard login == nil else { return self }
        var copy = self
        copy.login = RedisEndpoint.Login(user: nil, password: secret)
        return copy
    }
}

extension RedisTarget: CustomStringConvertible, CustomReflectable {
    package var description: String {
        let list = places.map(\.description).joined(separator: ",")
        return switch kind {
        case .server: list
        case .sentinel(let master, _): "\(master), by the Sentinels \(list)"
        case .cluster: "the cluster at \(list)"
        }
    }

    package var customMirror: Mirror { Mirror(self, children: ["target": description]) }
}
