import BackupModel
import NIOSSL

/// How a server proves who it is, and how we do.
package struct TLSOptions: Sendable, Hashable {
    /// PEM file with the authorities to trust; nil: those of the machine.
    package var authorityFile: String?
    /// PEM files with our own certificate and its key, for servers that ask (`tls-auth-clients`).
    package var certificateFile: String?
    package var keyFile: String?
    /// The name to ask for and to expect, when it is not the host's.
    package var serverName: String?
    /// Takes any certificate. Only ever true because somebody wrote so.
    package var isInsecure = false

    package init() {}
}

extension TLSOptions {
    /// - Throws: `BackupError` with `.invalidConfiguration` naming the file that cannot be used.
    func context() throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        if isInsecure { configuration.certificateVerification = .none }
        if let authorityFile {
            configuration.trustRoots = .certificates(try Self.reading(authorityFile, "cacert") { try NIOSSLCertificate.fromPEMFile($0) })
        }
        if let certificateFile {
            let chain = try Self.reading(certificateFile, "cert") { try NIOSSLCertificate.fromPEMFile($0) }
            configuration.certificateChain = chain.map { .certificate($0) }
            let key = keyFile ?? certificateFile
            configuration.privateKey = .privateKey(try Self.reading(key, "key") { try NIOSSLPrivateKey(file: $0, format: .pem) })
        }
        do { return try NIOSSLContext(configuration: configuration) } catch {
            throw BackupError(
                .invalidConfiguration, "the TLS settings of Redis do not fit together",
                hint: "See whether the key belongs to the certificate: both are PEM files.", cause: error)
        }
    }

    private static func reading<Value>(_ file: String, _ option: String, _ read: (String) throws -> Value) throws -> Value {
        do { return try read(file) } catch {
            throw BackupError(
                .invalidConfiguration, "the file \(file), given as \(option) for TLS to Redis, cannot be used",
                hint: "It has to be there, readable for us, and in PEM form.", cause: error)
        }
    }
}
