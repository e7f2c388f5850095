import Glibc
import Synchronization
import SystemPackage

/// TCP ports of 127.0.0.1 that nobody listens on.
package enum FreePort {
    /// Below those that Linux gives to whoever connects (from 32768 on): such a connection would hold a port between its choice and its use.
    private static let range = 10_240..<32_768
    private static let given = Mutex<Set<Int>>([])

    /// One that these tests have not been given yet. Only another program could take it before it is used.
    package static func any() throws -> Int {
        for _ in 0..<1000 {
            let port = Int.random(in: range)
            guard given.withLock({ $0.insert(port).inserted }) else { continue }
            if try isFree(port) { return port }
        }
        throw Errno.addressInUse
    }

    private static func isFree(_ port: Int) throws -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw Errno(rawValue: errno) }
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        address.sin_port = UInt16(port).bigEndian
        // The C interface takes every kind of address through one pointer type; it lives for the call only.
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
        }
        if status == 0 { return true }
        guard errno == EADDRINUSE else { throw Errno(rawValue: errno) }
        return false
    }
}
