/// The line of pg_hba.conf that lets us in, as the refusal says who we are (PostgreSQL documentation, "The pg_hba.conf File").
struct AdmissionLine: Equatable {
    /// `host "call_center" "backup" 10.0.0.5/32 scram-sha-256`.
    let text: String

    /// - Parameters:
    ///   - message: `no pg_hba.conf entry for host "…", user "…", database "…", …`, in whatever language the server speaks.
    ///   - databases: all that are saved; the refusal names the one that was tried first.
    /// - Returns: nil where the message does not say who was refused, or a name cannot be written there.
    init?(_ message: String, databases: [String]) {
        guard let file = message.firstRange(of: "pg_hba.conf"),
            let found = message[file.upperBound...].firstMatch(of: /"([^"]*)"[^"]*"([^"]*)"[^"]*"([^"]*)"(.*)/)
        else { return nil }
        let (host, role, database) = (String(found.1), String(found.2), String(found.3))
        let names = databases.isEmpty ? [database] : databases
        guard !(names + [role]).contains(where: { $0.contains("\"") || $0.contains("\n") }) else { return nil }
        let who = [names.map { "\"\($0)\"" }.joined(separator: ","), "\"\(role)\""]
        let parts = host == "[local]" ? ["local"] + who : [Self.kind(String(found.4))] + who + [Self.network(host)]
        text = (parts + ["scram-sha-256"]).joined(separator: " ")
    }

    /// As the connection was made: one in clear is not let in where only one by TLS was asked for.
    private static func kind(_ rest: String) -> String {
        if rest.contains("GSS encryption") { return "hostgssenc" }
        return rest.contains("SSL encryption") || rest.contains("SSL on") ? "hostssl" : "host"
    }

    /// This one address and no other.
    private static func network(_ host: String) -> String {
        let address = host.prefix { $0 != "%" }
        return "\(address)/\(address.contains(":") ? 128 : 32)"
    }
}
