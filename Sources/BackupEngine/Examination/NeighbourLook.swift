import Doctor
import FoundationEssentials
import Postgres

/// Looks for other servers of PostgreSQL on this machine, where nobody listens at the one that is meant: its port may have changed.
struct NeighbourLook: Sendable {
    /// Where nobody listens.
    let place: Surroundings.Place
    /// Debian's folder of sockets, and PostgreSQL's own.
    var sockets = ["/var/run/postgresql", "/tmp"]
    /// As installations beside one another are numbered.
    var ports = 5432...5439

    /// Nothing of another machine. Blocks; what listens and says nothing takes two seconds.
    func look() -> [Surroundings.Place] {
        guard place.isLocal else { return [] }
        let taken = place.host.hasPrefix("/") ? [] : [place.port]
        let open = ports.filter { !taken.contains($0) && ServerPing.answers(host: "127.0.0.1", port: $0) }
        let byPort = open.map { Surroundings.Place(host: place.host.hasPrefix("/") ? "127.0.0.1" : place.host, port: $0) }
        return byPort + bySocket(besides: open)
    }

    /// A server that listens at no address.
    private func bySocket(besides open: [Int]) -> [Surroundings.Place] {
        sockets.flatMap { folder in
            Self.ports(in: folder).filter { port in
                let isAsked = place.host == folder && place.port == port
                return !isAsked && !open.contains(port) && ServerPing.answers(host: folder, port: port)
            }
            .map { Surroundings.Place(host: folder, port: $0) }
        }
    }

    /// Of `.s.PGSQL.5432`. A folder that is not there has none.
    private static func ports(in folder: String) -> [Int] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.compactMap { $0.wholeMatch(of: /\.s\.PGSQL\.([0-9]+)/).flatMap { Int($0.1) } }.sorted()
    }
}
