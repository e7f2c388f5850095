/// Certificates for 127.0.0.1 that sign themselves.
package enum Certificates {
    /// Makes one with a key of its own, each in a PEM file; files that are there are replaced.
    package static func make(_ certificate: String, key: String) async throws {
        let subject = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
        let pair = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-out", certificate, "-keyout", key]
        try await Command("openssl", ["req", "-new", "-x509", "-days", "3"] + subject + pair).output()
    }

    /// The fingerprint of the certificate in a file.
    package static func fingerprint(of file: String) async throws -> String {
        try await Command("openssl", ["x509", "-noout", "-fingerprint", "-sha256", "-in", file]).output()
    }

    /// The fingerprint of the certificate that is served at a port of 127.0.0.1.
    package static func fingerprint(at port: Int) async throws -> String {
        let shown = try await Command("openssl", ["s_client", "-connect", "127.0.0.1:\(port)"]).output()
        return try await Command("openssl", ["x509", "-noout", "-fingerprint", "-sha256"]).output(input: shown)
    }
}
