package import BackupModel
package import NIOSSL

/// The certificate HTTPS is served with, as its files have it.
package struct LoadedCertificate {
    package let context: NIOSSLContext
    package let chain: [NIOSSLCertificate]

    /// When the first of them is no longer valid.
    package var end: Instant { Instant(secondsSinceEpoch: Int64(chain.map(\.notValidAfter).min() ?? 0)) }

    /// TLS 1.2 or later.
    /// - Throws: `.invalidConfiguration` for files that cannot be read, are none, or do not go together.
    package init(_ files: BackupHTTPSettings.TLSFiles) throws {
        chain = try Self.reading(files.certificates, "BACKUP_HTTP_TLS_CERT") { try NIOSSLCertificate.fromPEMFile($0) }
        let key = try Self.reading(files.key, "BACKUP_HTTP_TLS_KEY") { try NIOSSLPrivateKey(file: $0, format: .pem) }
        guard !chain.isEmpty else {
            throw BackupError(.invalidConfiguration, "there is no certificate in \(files.certificates) (BACKUP_HTTP_TLS_CERT)")
        }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
        configuration.minimumTLSVersion = .tlsv12
        do { context = try NIOSSLContext(configuration: configuration) } catch {
            throw BackupError(
                .invalidConfiguration, "\(files.certificates) and \(files.key) do not go together: \(error)",
                hint: "Both have the same public key, see openssl x509 -in FILE -noout -pubkey and openssl pkey -in FILE -pubout.",
                cause: error)
        }
    }

    private static func reading<Value>(_ path: String, _ setting: String, _ read: (String) throws -> Value) throws -> Value {
        do { return try read(path) } catch {
            throw BackupError(
                .invalidConfiguration, "\(path) is no PEM file that can be read (\(setting)): \(error)",
                hint: "Look at it with: openssl x509 -in FILE -noout -text, or openssl pkey -in FILE -noout", cause: error)
        }
    }
}
