import BackupModel
@preconcurrency import Dispatch
import Doctor
import Glibc

/// Asks the service whether it lives, by a connection that says no more than it has to.
struct ServiceKnock: Sendable {
    let settings: BackupHTTPSettings?
    /// Whether a service is meant to be there.
    let isExpected: Bool
    let lastRun: Instant?
    let limit: Duration
    let clock: any Clock<Duration>

    func callAsFunction() async -> ProcessCondition {
        guard let address = settings?.address, address.port != 0 else { return condition(.unknown, "nowhere") }
        let hasTLS = settings?.tls != nil
        let answer = try? await bounded(by: limit, clock: clock) { await apart { knock(address, expectsWords: !hasTLS) } }
        return condition((answer ?? nil) ?? .silent, "\(address)")
    }

    /// On a thread of its own: those for files may all wait for a disk.
    private func apart(_ body: @escaping @Sendable () -> ProcessCondition.Answer) async -> ProcessCondition.Answer {
        await withCheckedContinuation { continuation in DispatchQueue.global().async { continuation.resume(returning: body()) } }
    }

    private func condition(_ answer: ProcessCondition.Answer, _ place: String) -> ProcessCondition {
        ProcessCondition(answer, place: place, isExpected: isExpected, lastRun: lastRun)
    }

    /// What listens on every address is asked at this machine's own.
    private func knock(_ address: ListenAddress, expectsWords: Bool) -> ProcessCondition.Answer {
        let host = ["0.0.0.0", "::"].contains(address.host) ? "localhost" : address.host
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, "\(address.port)", &hints, &found) == 0, let first = found else { return .nobody }
        defer { freeaddrinfo(first) }
        var next: UnsafeMutablePointer<addrinfo>? = first
        while let place = next {
            if let answer = knock(place.pointee, expectsWords: expectsWords) { return answer }
            next = place.pointee.ai_next
        }
        return .nobody
    }

    /// Nil where nobody listens.
    private func knock(_ place: addrinfo, expectsWords: Bool) -> ProcessCondition.Answer? {
        let descriptor = socket(place.ai_family, place.ai_socktype | Int32(SOCK_CLOEXEC.rawValue), place.ai_protocol)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var patience = timeval(tv_sec: 3, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            setsockopt(descriptor, SOL_SOCKET, option, &patience, socklen_t(MemoryLayout<timeval>.size))
        }
        guard connect(descriptor, place.ai_addr, place.ai_addrlen) == 0 else { return errno == EINPROGRESS ? .silent : nil }
        guard expectsWords else { return .well }
        let request = Array("GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".utf8)
        guard send(descriptor, request, request.count, Int32(MSG_NOSIGNAL)) == request.count else { return .silent }
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = recv(descriptor, &bytes, bytes.count, 0)
        guard count > 12, let status = Int(String(decoding: bytes[9..<12], as: UTF8.self)) else { return .silent }
        return (200..<500).contains(status) ? .well : .unwell(status: status)
    }
}
