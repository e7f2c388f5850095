import BackupModel
import RDBFormat

/// Which RDB files a server takes. Pure.
///
/// A server refuses files of a later version than its own, and a replica notices only after it has thrown its data away: so this is asked first.
/// Redis: `RDB_VERSION` of each release in `rdb.h`. Valkey writes `REDIS0011` up to 8.1 and `VALKEY080` since 9.0; versions 12 to 79, those of
/// Redis 7.4 and later, it calls foreign and refuses.
struct LoadableVersion {
    private let server: RedisVersion

    init(_ server: RedisVersion) {
        self.server = server
    }

    /// The highest version of files that begin with `REDIS`.
    var highest: Int {
        switch server.flavour {
        case .valkey: Self.lastCommon
        case .redis: Self.releases.first { server.release >= $0.release }?.version ?? 1
        }
    }

    /// The highest version of files that begin with `VALKEY`; nil where none is taken.
    var highestOfValkey: Int? { server.flavour == .valkey && server.release >= (9, 0) ? 80 : nil }

    /// Whether the release is later than the table below, so that it may take more than is known here.
    var isUncertain: Bool { server.flavour == .redis && server.release > Self.lastKnown }

    func accepts(_ header: RDBHeader) -> Bool {
        switch header.dialect {
        case .redis: header.version <= highest
        case .valkey: header.version <= highestOfValkey ?? 0
        }
    }

    /// The last version of the format that Redis and Valkey share.
    private static let lastCommon = 11
    private static let lastKnown = (8, 10)
    private static let releases: [(release: (Int, Int), version: Int)] = [
        ((8, 10), 15), ((8, 8), 14), ((8, 6), 13), ((7, 4), 12), ((7, 2), 11), ((7, 0), 10), ((5, 0), 9), ((4, 0), 8), ((3, 2), 7),
        ((2, 6), 6),
    ]

    /// The oldest servers that take a file, for messages.
    static func takers(of header: RDBHeader) -> String {
        switch header.dialect {
        case .valkey: return "Valkey 9.0 or later"
        case .redis:
            guard let (release, _) = releases.last(where: { $0.version >= header.version }) else {
                return "a later Redis than is known here"
            }
            let redis = "Redis \(release.0).\(release.1) or later"
            return header.version <= lastCommon ? "\(redis), or Valkey" : redis
        }
    }
}

extension LoadableVersion {
    /// Why the file may not be offered to this server.
    func findings(_ header: RDBHeader, server name: String) -> [PreflightFinding] {
        guard !accepts(header) else { return [] }
        let foreign = server.flavour == .valkey && header.dialect == .redis
        let reason = foreign ? "which Valkey calls foreign and refuses" : "which is newer than that can load"
        let hint = isUncertain ? " Releases of Redis after 8.10 are not known to this version: use --data-dir there." : ""
        return [
            .refusal(
                .versionMismatch, "the file has the format \(header.name), and \(name) is \(server), \(reason)",
                hint: "Restore into \(Self.takers(of: header)).\(hint)")
        ]
    }
}

extension RDBHeader {
    var name: String { "\(dialect == .redis ? "REDIS" : "VALKEY") \(version)" }
}
