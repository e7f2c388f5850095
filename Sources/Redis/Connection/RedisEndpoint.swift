package import BackupModel

/// One server to talk to: where it listens, who we are there, and how the way is secured.
package struct RedisEndpoint: Sendable, Equatable {
    package enum Place: Sendable, Hashable {
        case network(host: String, port: Int)
        case socket(path: String)
    }

    /// User and password for AUTH.
    package struct Login: Sendable, Equatable {
        /// Nil: the password alone, which means the user `default` and is all that servers before Redis 6 know.
        package var user: String?
        package var password: Secret

        package init(user: String?, password: Secret) {
            self.user = user
            self.password = password
        }
    }

    package var place: Place
    package var login: Login?
    /// The number for SELECT. A backup takes all databases, whichever is selected.
    package var database: Int
    package var tls: TLSOptions?

    package init(_ place: Place, login: Login? = nil, database: Int = 0, tls: TLSOptions? = nil) {
        self.place = place
        self.login = login
        self.database = database
        self.tls = tls
    }
}

extension RedisEndpoint {
    /// Whether the server runs on this machine as far as its address shows.
    package var isLocal: Bool {
        switch place {
        case .socket: true
        case .network(let host, _): host == "localhost" || host == "::1" || host.hasPrefix("127.")
        }
    }

    /// The same login and TLS at another place.
    package func at(_ place: Place) -> RedisEndpoint {
        var copy = self
        copy.place = place
        return copy
    }
}

extension RedisEndpoint: CustomStringConvertible, CustomReflectable {
    package var description: String {
        let user = login?.user.map { ", user \($0)" } ?? ""
        return "\(place)\(user)"
    }

    package var customMirror: Mirror { Mirror(self, children: ["endpoint": description]) }
}

extension RedisEndpoint.Place: CustomStringConvertible {
    package var description: String {
        switch self {
        case .network(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .socket(let path): path
        }
    }
}
