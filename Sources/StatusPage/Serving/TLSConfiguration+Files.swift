import BackupModel
import NIOSSL

extension TLSConfiguration {
    /// TLS 1.2 or later with the certificate of these files.
    /// - Returns: with the certificates, of which there is at least one.
    /// - Throws: `.invalidConfiguration` for files that cannot be read, or are none.
    static func serving(_ files: BackupHTTPSettings.TLSFiles) throws -> (TLSConfiguration, [NIOSSLCertificate]) {
        let chain = try reading(files.certificates, "BACKUP_HTTP_TLS_CERT") { try NIOSSLCertificate.fromPEMFile($0) }
        let key = try reading(files.key, "BACKUP_HTTP_TLS_KEY") { try NIOSSLPrivateKey(file: $0, format: .pem) }
        guard !chain.isEmpty else {
            throw BackupError(.invalidConfiguration, "there is no certificate in \(files.certificates) (BACKUP_HTTP_TLS_CERT)")
        }
        var configuration = makeServerConfiguration(certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
        configuration.minimumTLSVersion = .tlsv12
        return (configuration, chain)
    }

    private static func reading<Value>(_ path: String, _ setting: String, _ read: (String) throws -> Value) throws -> Value {
        do { return try read(path) } catch {
            throw BackupError(
                .invalidConfiguration, "\(path) is no PEM file that can be read (\(setting)): \(error)",
                hint: "Look at it with: openssl x509 -in FILE -noout -text, or openssl pkey -in FILE -noout", cause: error)
        }
    }
}
