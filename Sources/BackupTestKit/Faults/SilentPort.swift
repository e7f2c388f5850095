import Glibc

/// A port that takes connections and never answers: the kernel shakes hands, and nobody accepts.
package enum SilentPort {
    /// Runs `body` with such a port of 127.0.0.1.
    package static func with<Value>(_ body: (Int) async throws -> Value) async throws -> Value {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { place in
                bind(descriptor, place, length) == 0 && listen(descriptor, 64) == 0 && getsockname(descriptor, place, &length) == 0
            }
        }
        guard bound else { throw SilentPortFailure(number: errno) }
        return try await body(Int(UInt16(bigEndian: address.sin_port)))
    }
}

package struct SilentPortFailure: Error, CustomStringConvertible {
    package let number: Int32
    package var description: String { "no port to be silent on: \(String(cString: strerror(number)))" }
}
