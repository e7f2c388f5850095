import BackupModel
import Testing

@testable import ObjectStores

@Suite("Google's key files")
struct GoogleKeyFileTests {
    @Test("A service account's key and a user's login are understood")
    func known() throws {
        let account = try GoogleKeyFile(
            json: #"{"type": "service_account", "client_email": "a@b", "private_key_id": "K", "private_key": "P", "project_id": "x"}"#)
        #expect(
            account
                == .serviceAccount(
                    .init(
                        email: "a@b", keyID: "K", privateKey: Secret("P"), tokenURL: "https://oauth2.googleapis.com/token",
                        quotaProject: nil)))
        let user = try GoogleKeyFile(
            json: #"{"type": "authorized_user", "client_id": "I", "client_secret": "S", "refresh_token": "R", "quota_project_id": "q"}"#)
        #expect(
            user
                == .user(
                    .init(
                        clientID: "I", clientSecret: Secret("S"), refreshToken: Secret("R"),
                        tokenURL: "https://oauth2.googleapis.com/token",
                        quotaProject: "q")))
    }

    @Test(
        "Everything else is refused in words that quote no secret",
        arguments: [
            ("HUSH", "not the JSON of a key"), ("[]", "not the JSON of a key"), ("{}", "no type"),
            (#"{"type": "external_account", "client_secret": "HUSH"}"#, "external_account"),
            (#"{"type": "service_account", "private_key": "HUSH"}"#, "no client_email"),
            (#"{"type": "service_account", "client_email": "a", "private_key": ""}"#, "no private_key"),
            (#"{"type": "authorized_user", "client_id": "i", "client_secret": "HUSH"}"#, "no refresh_token"),
        ])
    func refused(json: String, words: String) throws {
        let refusal = try #require(throws: CredentialRefusal.self) { try GoogleKeyFile(json: json) }
        #expect(refusal.why.contains(words))
        #expect(!"\(refusal)".contains("HUSH"))
    }
}
