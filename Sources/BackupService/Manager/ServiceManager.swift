import Glibc
import Synchronization

/// Tells systemd how the service is, as sd_notify(3) does: datagrams to a socket that `NOTIFY_SOCKET` names. Without one nothing is said.
package final class ServiceManager: Sendable {
    private let address: String?
    /// How long systemd waits for a sign of life; nil where it does not.
    package let watchdog: Duration?
    private let lastStatus = Mutex("")

    package init(environment: [String: String]) {
        address = environment["NOTIFY_SOCKET"].flatMap { $0.isEmpty ? nil : $0 }
        let isMeant = environment["WATCHDOG_PID"].map { $0 == "\(getpid())" } ?? true
        let microseconds = environment["WATCHDOG_USEC"].flatMap { Int64($0) }
        watchdog = isMeant ? microseconds.flatMap { $0 > 0 ? .microseconds($0) : nil } : nil
    }

    package func ready() { send("READY=1") }

    /// Until `ready()` is said again.
    package func reloading() {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        send("RELOADING=1\nMONOTONIC_USEC=\(time.tv_sec * 1_000_000 + time.tv_nsec / 1000)")
    }

    /// - Parameter bound: how much longer it may take.
    package func stopping(within bound: Duration) {
        send("STOPPING=1\nEXTEND_TIMEOUT_USEC=\(bound.components.seconds * 1_000_000)")
    }

    /// To be called at least twice within `watchdog`, by whoever does the work.
    package func isAlive() {
        if watchdog != nil { send("WATCHDOG=1") }
    }

    /// One line for `systemctl status`.
    package func status(_ text: String) {
        let isNew = lastStatus.withLock { last in
            defer { last = text }
            return last != text
        }
        if isNew { send("STATUS=" + text.replacing("\n", with: " ")) }
    }

    /// A manager that does not listen any more is nobody's trouble but its own.
    private func send(_ text: String) {
        guard let address, var target = Self.socketAddress(address) else { return }
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        let bytes = Array(text.utf8)
        // sendto takes every kind of address through one pointer type; it lives for the call only.
        _ = withUnsafePointer(to: &target.address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                sendto(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT), $0, target.length)
            }
        }
    }

    /// A path, or a name in the abstract space: then `@` stands for a zero byte, and the length ends the name (unix(7)).
    private static func socketAddress(_ name: String) -> (address: sockaddr_un, length: socklen_t)? {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        var bytes = Array(name.utf8)
        let isAbstract = bytes.first == UInt8(ascii: "@")
        guard isAbstract || bytes.first == UInt8(ascii: "/"), bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { return nil }
        if isAbstract { bytes[0] = 0 }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let head = MemoryLayout<sockaddr_un>.offset(of: \.sun_path) ?? 2
        return (address, socklen_t(head + bytes.count + (isAbstract ? 0 : 1)))
    }
}
