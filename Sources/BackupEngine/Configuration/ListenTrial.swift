import BackupModel
import Glibc

/// Whether the service could listen at its address: it is taken, and given back at once.
struct ListenTrial {
    let address: ListenAddress

    /// - Returns: whether it is free; false where somebody listens there.
    /// - Throws: `.invalidConfiguration` for an address that this machine has not.
    func isFree() throws -> Bool {
        // Any port first, which tells the address from what is taken there. As the service itself, the first address of a name.
        for port in [0, address.port] {
            guard let place = try places(port: port).first else { continue }
            switch place.bind() {
            // Who looks may not be who serves: a port that is another account's is left to that.
            case 0, EACCES, EPERM: continue
            case EADDRINUSE: return false
            case let number: throw refusal(String(cString: strerror(number)).lowercased())
            }
        }
        return true
    }

    private func refusal(_ reason: String) -> BackupError {
        BackupError(
            .invalidConfiguration, "cannot listen on \(address): \(reason)",
            hint: "Set BACKUP_HTTP to an address of this machine, or to none.")
    }

    /// - Throws: `.invalidConfiguration` where the name means nothing here.
    private func places(port: Int) throws -> [SocketPlace] {
        var hints = addrinfo()
        (hints.ai_family, hints.ai_flags) = (AF_UNSPEC, AI_PASSIVE | AI_NUMERICSERV)
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        // The list is the C library's, and is given back to it here.
        var list: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(address.host, "\(port)", &hints, &list)
        guard status == 0 else { throw refusal(String(cString: gai_strerror(status))) }
        defer { freeaddrinfo(list) }
        var places: [SocketPlace] = []
        var next = list
        while let entry = next {
            places.append(SocketPlace(entry.pointee))
            next = entry.pointee.ai_next
        }
        return places
    }
}

/// One address that a name means, as the kernel takes it.
private struct SocketPlace {
    let family: Int32
    let bytes: [UInt8]

    init(_ entry: addrinfo) {
        family = entry.ai_family
        bytes = entry.ai_addr.map { Array(UnsafeRawBufferPointer(start: $0, count: Int(entry.ai_addrlen))) } ?? []
    }

    /// - Returns: the `errno` of what keeps it from being listened on; 0 where nothing does.
    func bind() -> Int32 {
        let descriptor = socket(family, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return errno }
        defer { close(descriptor) }
        // As the service does it: connections that have just ended are not in its way.
        var yes: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        // bind(2) takes an address of whatever family by its bytes.
        let bound = bytes.withUnsafeBytes { raw in
            guard let address = raw.baseAddress?.assumingMemoryBound(to: sockaddr.self) else { return Int32(-1) }
            return Glibc.bind(descriptor, address, socklen_t(raw.count))
        }
        guard bound == 0, listen(descriptor, 1) == 0 else { return errno }
        return 0
    }
}
