import BackupModel
import NIOSSL

/// Which servers are believed to be who they say they are.
enum HTTPTrust {
    /// Nil for the system's authorities.
    /// - Throws: `.invalidConfiguration` when the file holds no certificates.
    static func configuration(authorities path: String?) throws -> TLSConfiguration? {
        guard let path else { return nil }
        var configuration = TLSConfiguration.makeClientConfiguration()
        do {
            let certificates = try NIOSSLCertificate.fromPEMFile(path)
            guard !certificates.isEmpty else { throw NIOSSLError.failedToLoadCertificate }
            configuration.trustRoots = .certificates(certificates)
        } catch {
            throw BackupError(
                .invalidConfiguration, "\(path) cannot be read as a file of certificates in PEM form",
                hint: "Check AWS_CA_BUNDLE: the file has to be readable and hold one or more BEGIN CERTIFICATE blocks.", cause: error)
        }
        return configuration
    }
}
