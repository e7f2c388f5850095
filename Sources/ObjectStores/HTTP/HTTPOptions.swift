package import BackupModel
package import BytePipeline

/// How a store speaks HTTP.
package struct HTTPOptions: Sendable {
    /// For a connection to be made, TLS included.
    package var connectLimit: Duration = .seconds(10)
    /// How long no byte may move in either direction before the call has failed.
    package var stallLimit: Duration = .seconds(60)
    /// A PEM file of authorities that are trusted in place of the system's.
    package var authorities: String?
    /// Nil: straight to the server.
    package var proxy: HTTPProxy?
    /// Upper bound for what is sent, all calls together.
    package var rateLimit: RateLimit?

    package init() {}
}
