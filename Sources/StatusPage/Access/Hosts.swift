import BackupModel

/// Under which names the service may be asked. A page of somebody else's can have its own name point to this machine after it was loaded (DNS
/// rebinding) and would then read what only this machine can reach; but the name it asks for remains its own.
struct Hosts: Sendable {
    /// Nil: any.
    private let names: Set<String>?

    init(_ settings: BackupHTTPSettings) {
        let given = Set(settings.hosts.map { $0.lowercased() } + [settings.address.host.lowercased(), "localhost"])
        names = settings.address.isLoopback || !settings.hosts.isEmpty ? given : nil
    }

    /// - Parameter authority: of the header `Host`: a name or an address, with or without a port.
    func allow(_ authority: String) -> Bool {
        guard let names else { return true }
        let name = Self.name(in: authority).lowercased()
        return names.contains(name) || Self.isAddress(name)
    }

    static func name(in authority: String) -> String {
        if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") { return String(authority[...end]) }
        return String(authority.prefix { $0 != ":" })
    }

    /// Nobody can make an address point elsewhere.
    private static func isAddress(_ name: String) -> Bool {
        if name.hasPrefix("[") { return name.hasSuffix("]") }
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts.allSatisfy { UInt8($0) != nil }
    }
}
