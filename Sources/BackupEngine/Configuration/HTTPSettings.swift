import BackupModel

extension BackupHTTPSettings {
    /// Nil when nothing is to listen.
    /// - Throws: `.invalidConfiguration`.
    init?(_ read: SettingReader) throws {
        let text = try read.text(.http) ?? "\(ListenAddress.standard)"
        guard text != "none" else { return nil }
        guard let address = ListenAddress(text) else {
            throw BackupError(
                .invalidConfiguration, "BACKUP_HTTP is “\(text)”\(read.place(.http)); it has to be an address and a port, or none",
                hint: "127.0.0.1:8085 is this machine alone, 0.0.0.0:8085 every network it is in.")
        }
        self.init(
            address: address, token: try read.token(.httpToken), readToken: try read.token(.httpReadToken),
            hosts: try read.list(.httpHosts),
            tls: try Self.tls(read))
    }

    private static func tls(_ read: SettingReader) throws -> TLSFiles? {
        switch (try read.path(.httpCertificate), try read.path(.httpKey)) {
        case (nil, nil): return nil
        case (let certificates?, let key?): return TLSFiles(certificates: certificates, key: key)
        case (let certificates, _):
            let (set, missing) = certificates == nil ? (Setting.httpKey, Setting.httpCertificate) : (.httpCertificate, .httpKey)
            throw BackupError(
                .invalidConfiguration, "\(set.name) is set\(read.place(set)), \(missing.name) is not",
                hint: "TLS takes both: the certificate with those that lead to it, and its key, each a PEM file.")
        }
    }
}

extension SettingReader {
    /// Whoever guesses ten a minute for a year has tried five million.
    private static let shortestToken = 16

    fileprivate func token(_ setting: Setting) throws -> Secret? {
        guard let text = try given(setting) else { return nil }
        guard text.utf8.count >= Self.shortestToken, text.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else {
            throw BackupError(
                .invalidConfiguration,
                "\(setting.name)\(place(setting)) is no token: it takes at least \(Self.shortestToken) printable ASCII characters, no spaces",
                hint: "Make one with: openssl rand -hex 32")
        }
        return Secret(text)
    }
}

extension Setting {
    static let http = Setting(
        "BACKUP_HTTP", "http.listen", .text, standard: "\(ListenAddress.standard)",
        "Where backup-service serves metrics, API and status page: an address and a port; none: nowhere.")
    static let httpToken = Setting(
        "BACKUP_HTTP_TOKEN", "http.token", .text, isSecret: true,
        "Opens changes over HTTP (start a backup or a verification), and reading. Unset: nothing can be changed there.")
    static let httpReadToken = Setting(
        "BACKUP_HTTP_READ_TOKEN", "http.read_token", .text, isSecret: true,
        "Limits reading to those who have it, or BACKUP_HTTP_TOKEN. Unset: whoever reaches the address may read.")
    static let httpHosts = Setting(
        "BACKUP_HTTP_HOSTS", "http.hosts", .list,
        "Names the page may be asked for under, beside addresses and localhost, such as that of a proxy. Unset: any, unless BACKUP_HTTP is a loopback address."
    )
    static let httpCertificate = Setting(
        "BACKUP_HTTP_TLS_CERT", "http.tls.certificate", .path, "PEM file of the certificate to serve HTTPS with, and those that lead to it."
    )
    static let httpKey = Setting("BACKUP_HTTP_TLS_KEY", "http.tls.key", .path, "PEM file of its key.")

    static let httpServer = [http, httpToken, httpReadToken, httpHosts, httpCertificate, httpKey]
}
