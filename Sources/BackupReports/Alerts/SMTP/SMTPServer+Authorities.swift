import BackupModel
import NIOSSL

extension SMTPServer {
    /// Reads the file as whoever hands mail over will. It is read then alone, so that nobody is told anything where it cannot be.
    /// - Throws: `.invalidConfiguration` for one that cannot be read, or holds no certificate.
    package func requireAuthorities() throws {
        guard let path = authorities, security != .none else { return }
        let hint = "Put a PEM file of authorities there, or take the setting away; then `call-center-admin alert test` tries the server."
        let certificates: [NIOSSLCertificate]
        do { certificates = try NIOSSLCertificate.fromPEMFile(path) } catch {
            throw BackupError(
                .invalidConfiguration, "no alert can be mailed: \(path) is no PEM file that can be read (BACKUP_SMTP_CA): \(error)",
                hint: hint, cause: error)
        }
        guard certificates.isEmpty else { return }
        throw BackupError(
            .invalidConfiguration, "no alert can be mailed: there is no certificate in \(path) (BACKUP_SMTP_CA)", hint: hint)
    }
}
