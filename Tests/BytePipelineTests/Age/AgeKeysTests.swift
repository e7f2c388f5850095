import BackupModel
import BytePipeline
import Testing

@Suite("Age keys")
struct AgeKeysTests {
    /// The pair of the specification.
    private let secret = Secret("AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX")
    private let recipient = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj"

    @Test("The specification's identity gives its recipient, and both read back as written")
    func specification() throws {
        let identity = try AgeIdentity(secret)
        #expect(identity.recipient.text == recipient)
        #expect(try AgeRecipient(recipient) == identity.recipient)
        #expect(identity.text == secret)
        #expect(identity.recipient.fingerprint == "6a804773982840fa")
    }

    @Test("New keys are different, and read back")
    func fresh() throws {
        let identity = AgeIdentity()
        #expect(identity.recipient != AgeIdentity().recipient)
        #expect(try AgeIdentity(identity.text).recipient == identity.recipient)
        #expect(try AgeRecipient(identity.recipient.text) == identity.recipient)
    }

    @Test("Every wrong letter of a recipient is noticed")
    func letters() {
        for place in recipient.indices.dropFirst(4) {
            var wrong = recipient
            wrong.replaceSubrange(place...place, with: recipient[place] == "q" ? "p" : "q")
            #expect(throws: BackupError.self) { try AgeRecipient(wrong) }
        }
    }

    @Test(
        "What is no recipient is refused with what it is instead",
        arguments: [
            ("AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX", "the secret half"),
            ("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5", "SSH keys"), ("age1pq1xxxx", "post-quantum"), ("", "does not begin with age1"),
            ("age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujw", "checksum"),
            ("AGE1ZVKYG2LQZRAA2LNJVQEJ32NKUU0UES2S82HZRYE869XEEXVN73EQUNUJWJ", "checksum"),
        ])
    func refusals(text: String, reason: String) {
        let error = #expect(throws: BackupError.self) { try AgeRecipient(text) }
        #expect(error?.code == .invalidConfiguration)
        #expect(error?.message.contains(reason) == true, "\(error?.message ?? "")")
        #expect(error.map { !"\($0)".contains("GFPYYSJZ") } == true)
    }

    @Test("An identity never shows itself")
    func secrecy() throws {
        let identity = try AgeIdentity(secret)
        var dumped = ""
        dump(identity, to: &dumped)
        for shown in ["\(identity)", String(reflecting: identity), dumped, "\(identity.text)"] { #expect(!shown.contains("GFPYYSJZ")) }
        let wrong = secret.reveal().dropLast() + "Y"
        let error = #expect(throws: BackupError.self) { try AgeIdentity(Secret(String(wrong))) }
        #expect(error.map { !"\($0)\($0.hint ?? "")".contains("GFPYYSJZ") } == true)
    }
}
