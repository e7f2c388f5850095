import BackupModel
import FoundationEssentials
import NIOHTTP1

/// The role of an EC2 instance, from its metadata service, version 2: a session token first, then the role's name, then its credentials. The
/// version without a token is not used: whoever can make a program fetch a URL could read the role's keys with it.
struct InstanceCredentials: AWSCredentialLink {
    let environment: [String: String]
    let endpoints: Endpoints

    var name: String { "the instance's metadata service" }

    func find() async throws -> AWSCredentialFinding {
        if value("AWS_EC2_METADATA_DISABLED")?.lowercased() == "true" { return .absent("AWS_EC2_METADATA_DISABLED is true") }
        let base = try endpoint()
        guard let token = try await sessionToken(base) else { return .absent("nothing answers at \(base), so this is no EC2 instance") }
        let folder = "\(base)/latest/meta-data/iam/security-credentials/"
        guard let role = try await document(folder, token)?.text.split(whereSeparator: \.isNewline).first?.trimmed, !role.isEmpty else {
            return .absent("the instance has no role")
        }
        guard let answer = try await document(folder + role, token) else {
            throw CredentialRefusal("\(base) has no credentials for the role \(role)")
        }
        return .found(try CredentialDocument.credentials(in: answer.body, source: "the instance's role \(role)"))
    }

    /// Nil when nothing answers: the usual case, on hosts that are no instances.
    private func sessionToken(_ base: String) async throws -> String? {
        let call = HTTPCall.question(.PUT, "\(base)/latest/api/token", headers: ["X-aws-ec2-metadata-token-ttl-seconds": "21600"])
        guard let answer = try await firstAnswer(call) else { return nil }
        guard answer.status == 200, !answer.text.isEmpty, !answer.text.contains(where: \.isNewline) else {
            throw CredentialRefusal(
                "\(base) gave no session token, but status \(answer.status)",
                hint:
                    "In a container the instance's hop limit has to be 2: aws ec2 modify-instance-metadata-options --http-put-response-hop-limit 2."
            )
        }
        return answer.text
    }

    private func document(_ url: String, _ token: String) async throws -> HTTPAnswer? {
        let answer = try await endpoints.ask(endpoints.near, .question(.GET, url, headers: ["X-aws-ec2-metadata-token": token]))
        if answer.status == 404 { return nil }
        guard answer.status == 200 else { throw CredentialRefusal("\(url) answered with status \(answer.status)") }
        return answer
    }

    /// As often as AWS_METADATA_SERVICE_NUM_ATTEMPTS says, once by itself: where this is no instance, silence is all there is.
    private func firstAnswer(_ call: HTTPCall) async throws -> HTTPAnswer? {
        for _ in 0..<max(1, value("AWS_METADATA_SERVICE_NUM_ATTEMPTS").flatMap { Int($0) } ?? 1) {
            do { return try await endpoints.near.send(call) } catch let failure as HTTPFailure where failure.isTransient { continue }
        }
        return nil
    }

    private func endpoint() throws -> String {
        if let named = value("AWS_EC2_METADATA_SERVICE_ENDPOINT") {
            guard let url = URL(string: named), ["http", "https"].contains(url.scheme ?? ""), url.host?.isEmpty == false else {
                throw CredentialRefusal("AWS_EC2_METADATA_SERVICE_ENDPOINT is no URL")
            }
            return named.hasSuffix("/") ? String(named.dropLast()) : named
        }
        return value("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE")?.lowercased() == "ipv6" ? "http://[fd00:ec2::254]" : "http://169.254.169.254"
    }

    private func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
}
