import BackupModel
import FoundationEssentials

/// What token endpoints and metadata servers answer (RFC 6749, 5.1 and 5.2). Pure.
struct TokenAnswer: Decodable {
    var accessToken: String?
    /// Seconds.
    var expiresIn: Int64?
    var error: String?
    var errorDescription: String?

    /// - Throws: `CredentialRefusal` with the endpoint's own words.
    static func token(
        in answer: HTTPAnswer, from place: String, source: String, quotaProject: String?, at now: Instant
    ) throws -> GoogleToken {
        let document = try? snakeCaseDecoder().decode(TokenAnswer.self, from: Data(answer.body))
        guard answer.status == 200 else { throw refusal(answer, document, place, now) }
        guard let document, let token = document.accessToken, !token.isEmpty, let seconds = document.expiresIn, seconds > 0 else {
            throw CredentialRefusal("\(place) answered with something that holds no access token")
        }
        return GoogleToken(token: Secret(token), expiresAt: now + .seconds(seconds), source: source, quotaProject: quotaProject)
    }

    private static func refusal(_ answer: HTTPAnswer, _ document: TokenAnswer?, _ place: String, _ now: Instant) -> CredentialRefusal {
        let words = [document?.error, document?.errorDescription].compactMap { $0 }.joined(separator: ": ")
        var why = "\(place) refused it with status \(answer.status)\(words.isEmpty ? "" : ": \(words)")"
        // An assertion is only good near the server's time.
        if let lead = answer.clockLead(over: now), abs(lead.components.seconds) > 300 {
            why += "; its clock and ours differ by \((lead < .zero ? .zero - lead : lead).briefly)"
            return CredentialRefusal(why, hint: "Set this host's clock right; credentials depend on it.")
        }
        guard document?.error == "invalid_grant" else { return CredentialRefusal(why) }
        return CredentialRefusal(why, hint: "The key or login was revoked, deleted or disabled: make a new one.")
    }
}
