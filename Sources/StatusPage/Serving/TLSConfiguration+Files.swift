import BackupModel
import NIOSSL

extension TLSConfiguration {
    /// TLS 1.2 or later with the certificate of these files.
    /// - Throws: `.invalidConfiguration` for files that cannot be read, or are none.
    init(_ files: BackupHTTPSettings.TLSFiles) throws {
        let certificates = try Self.reading(files.certificates, "BACKUP_HTTP_TLS_CERT") { try NIOSSLCertificate.fromPEMFile($0) }
        let key = try Self.reading(files.key, "BACKUP_HTTP_TLS_KEY") { try NIOSSLPrivateKey(file: $0, format: .pem) }
        self = .makeServerConfiguration(certificateChain: certificates.map { .certificate($0) }, privateKey: .privateKey(key))
        minimumTLSVersion = .tlsv12
    }

    private static func reading<Value>(_ path: String, _ setting: String, _ read: (String) throws -> Value) throws -> Value {
        do { return try read(path) } catch {
            throw BackupError(
                .invalidConfiguration, "\(path) is no PEM file that can be read (\(setting)): \(error)",
                hint: "Look at it with: openssl x509 -in FILE -noout -text, or openssl pkey -in FILE -noout", cause: error)
        }
    }
}
