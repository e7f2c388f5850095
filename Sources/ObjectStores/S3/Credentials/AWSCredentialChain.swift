package import BackupModel

extension AWSCredentials: Expiring {}

/// AWS's credentials from where they are, in the order of AWS's SDKs ("Standardized credential providers"): environment, web identity, profile,
/// container, instance. The first place that is set up counts, even when it turns out to be broken.
package struct AWSCredentialChain: AWSCredentialSource {
    private let credentialsHeld: Refreshed<AWSCredentials>

    /// - Parameters:
    ///   - http: how token services in the network are spoken to.
    ///   - place: where what stands in the context's environment comes from; nil: from there.
    /// - Throws: `.invalidConfiguration` when the authorities to trust cannot be read.
    package init(context: RunContext, http: HTTPOptions, place: String? = nil) throws {
        // A second by the SDKs' reference guide: an instance answers in milliseconds, and elsewhere nobody wants to wait.
        let seconds = context.environment["AWS_METADATA_SERVICE_TIMEOUT"].flatMap { Int($0) } ?? 1
        let endpoints = try Endpoints(options: http, patience: .seconds(max(1, seconds)), clock: context.clock)
        self.init(context: context, endpoints: endpoints, place: place)
    }

    init(context: RunContext, endpoints: Endpoints, place: String? = nil) {
        let links = Self.links(context: context, endpoints: endpoints, place: place)
        credentialsHeld = Refreshed(now: context.now) { try await Self.search(links) }
    }

    /// - Throws: `.storeFailed` naming every place that was tried and why it gave nothing.
    package func credentials() async throws -> AWSCredentials { try await credentialsHeld.value() }

    package func invalidate() async { await credentialsHeld.invalidate() }

    static func links(context: RunContext, endpoints: Endpoints, place: String? = nil) -> [any AWSCredentialLink] {
        let environment = context.environment
        let service = TokenService(environment: environment, now: context.now, endpoints: endpoints)
        return [
            place.map { EnvironmentCredentials(environment: environment, name: $0) } ?? EnvironmentCredentials(environment: environment),
            WebIdentityCredentials(environment: environment, service: service),
            ProfileCredentials(environment: environment, home: context.home, service: service),
            ContainerCredentials(environment: environment, endpoints: endpoints),
            InstanceCredentials(environment: environment, endpoints: endpoints),
        ]
    }

    static func search(_ links: [any AWSCredentialLink]) async throws -> AWSCredentials {
        var absences: [String] = []
        for link in links {
            do {
                switch try await link.find() {
                case .found(let credentials): return credentials
                case .absent(let why): absences.append("\(link.name): \(why)")
                }
            } catch let refusal as CredentialRefusal {
                throw BackupError(
                    .storeFailed, "no AWS credentials from \(link.name): \(refusal.why)",
                    hint: refusal.hint ?? "Mend that, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, which go before everything else.",
                    obstacle: .credentials)
            }
        }
        throw BackupError(
            .storeFailed, "no AWS credentials were found; tried \(absences.joined(separator: "; "))",
            hint: "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, name a profile in AWS_PROFILE, or give this host a role.",
            obstacle: .credentials)
    }
}
