/// The servers of Redis that copies are taken from.
package struct RedisCondition: Sendable {
    package var servers: Known<[Server]>

    package init(servers: Known<[Server]>) {
        self.servers = servers
    }

    package struct Server: Sendable, Equatable {
        package var place: String
        /// As people say it: `Redis 7.0.15`; nil where INFO is denied.
        package var version: String?
        package var isReplica = false
        /// Nil for a primary.
        package var link: Link?
        package var keys: Int64?
        package var usedBytes: Int64?
        /// What it takes of the machine's memory, as the kernel counts it.
        package var residentBytes: Int64?
        /// Free memory of this machine, where the server runs here.
        package var availableBytes: Int64?
        /// `vm.overcommit_memory` of this machine, where the server runs here.
        package var overcommit: Int?
        package var isLoading = false
        /// Whether the server's own last snapshot failed.
        package var snapshotFailed = false
        package var logRewriteFailed = false
        package var mayReplicate: Bool?
        package var user: String?
        /// The hard limit for replicas, 0 for none, where a copy depends on it.
        package var outputBuffer: Int64?
        /// Its version writes files that ours reads; false for one that is newer than all we know.
        package var isReadable = true

        package init(place: String, version: String? = nil) {
            self.place = place
            self.version = version
        }
    }

    package struct Link: Sendable, Equatable {
        package var primary: String
        package var isUp: Bool

        package init(primary: String, isUp: Bool) {
            self.primary = primary
            self.isUp = isUp
        }
    }
}
