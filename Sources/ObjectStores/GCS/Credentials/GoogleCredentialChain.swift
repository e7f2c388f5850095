package import BackupModel
import NIOHTTP1

/// Google's credentials from where "application default credentials" are, in that order: the file GOOGLE_APPLICATION_CREDENTIALS names, the login
/// of gcloud's user, the metadata server of the host.
package struct GoogleCredentialChain: GoogleCredentialSource {
    private let held: Refreshed<GoogleToken>
    private let search: GoogleCredentialSearch

    /// - Throws: `.invalidConfiguration` when the authorities to trust cannot be read.
    package init(context: RunContext, http: HTTPOptions) throws {
        self.init(context: context, endpoints: try Endpoints(options: http, patience: .seconds(3), clock: context.clock))
    }

    init(context: RunContext, endpoints: Endpoints) {
        let search = GoogleCredentialSearch(context: context, endpoints: endpoints)
        self.search = search
        held = Refreshed(now: context.now) { try await search.token() }
    }

    package func token() async throws -> GoogleToken? { try await held.value() }

    package func invalidate() async { await held.invalidate() }

    package func place() async -> String { (try? await held.value().source) ?? search.place }
}
