import FoundationEssentials

/// Where a container of ECS or EKS is told to ask for its credentials. Pure; the rules are those of "Container credential provider" in the SDKs'
/// reference guide.
struct ContainerEndpoint: Sendable, Equatable {
    var url: String
    /// The variable that named it.
    var variable: String

    /// Nil when no variable names one.
    /// - Throws: `CredentialRefusal` for a place the token must not be sent to.
    init?(environment: [String: String]) throws {
        if let path = environment["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"], !path.isEmpty {
            variable = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"
            url = "http://169.254.170.2" + (path.hasPrefix("/") ? path : "/" + path)
        } else if let full = environment["AWS_CONTAINER_CREDENTIALS_FULL_URI"], !full.isEmpty {
            variable = "AWS_CONTAINER_CREDENTIALS_FULL_URI"
            url = full
            try requireSafety()
        } else {
            return nil
        }
    }

    /// Whoever may set a variable must not have the container's token sent in the clear to a host of their own.
    private func requireSafety() throws {
        guard let parts = URL(string: url), let scheme = parts.scheme?.lowercased(), let host = parts.host?.lowercased(), !host.isEmpty
        else {
            throw CredentialRefusal("\(variable) is no URL")
        }
        if scheme == "https" { return }
        guard scheme == "http", Self.isLocal(host) else {
            throw CredentialRefusal(
                "\(variable) names \(host), and without https only this host and the container's own endpoints may be asked")
        }
    }

    private static func isLocal(_ host: String) -> Bool {
        let bare = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
        if ["localhost", "::1", "169.254.170.2", "169.254.170.23", "fd00:ec2::23"].contains(bare) { return true }
        let parts = bare.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
        return parts.count == 4 && parts.allSatisfy { $0 != nil } && parts[0] == 127
    }
}
