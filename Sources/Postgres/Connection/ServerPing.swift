import CLibPQ
import Glibc

/// Whether a PostgreSQL answers at a place, whomever it would let in: nobody logs in for it.
package enum ServerPing {
    /// Blocks for as long as libpq takes; a port of this machine that nobody listens at refuses at once.
    /// - Parameters:
    ///   - host: a name, an address, or the folder of a socket.
    ///   - seconds: how long one that takes connections and says nothing is waited for; libpq waits two at least.
    package static func answers(host: String, port: Int, within seconds: Int = 2) -> Bool {
        let parameters = [("connect_timeout", "\(seconds)"), ("dbname", "postgres"), ("host", host), ("port", "\(port)")]
        let names = parameters.map { strdup($0.0) }
        let values = parameters.map { strdup($0.1) }
        defer { (names + values).forEach { free($0) } }
        let nameList = names.map { UnsafePointer($0) } + [nil]
        let valueList = values.map { UnsafePointer($0) } + [nil]
        let answer = PQpingParams(nameList, valueList, 0)
        return answer == PQPING_OK || answer == PQPING_REJECT
    }
}
