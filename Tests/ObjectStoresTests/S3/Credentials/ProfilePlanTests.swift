import BackupModel
import Testing

@testable import ObjectStores

@Suite("What an AWS profile says")
struct ProfilePlanTests {
    private func plan(_ name: String, _ configuration: String) throws -> ProfilePlan {
        try SharedProfiles(configuration: SharedFile(configuration)).plan(for: name)
    }

    private let keys = "aws_access_key_id=AK\naws_secret_access_key=SK\n"
    private let planned = ProfilePlan.keys(id: "AK", secret: Secret("SK"), token: nil)

    @Test("Keys are taken as they are")
    func plain() throws {
        #expect(try plan("default", "[default]\n\(keys)") == planned)
        #expect(
            try plan("a", "[profile a]\n\(keys)aws_session_token=T") == .keys(id: "AK", secret: Secret("SK"), token: Secret("T")))
    }

    @Test("Roles are assumed with their source's credentials, through several steps")
    func roles() throws {
        let configuration = """
            [profile a]
            role_arn=arn:a
            source_profile=b
            external_id=E
            duration_seconds=1200
            region=eu-west-1
            [profile b]
            role_arn=arn:b
            source_profile=c
            [profile c]
            \(keys)
            """
        let first = AssumedRole(arn: "arn:a", externalID: "E", duration: 1200, region: "eu-west-1")
        #expect(try plan("a", configuration) == .assume(first, from: .assume(AssumedRole(arn: "arn:b"), from: planned)))
    }

    @Test("A profile may be its own source")
    func ownSource() throws {
        #expect(try plan("a", "[profile a]\nrole_arn=r\nsource_profile=a\n\(keys)") == .assume(AssumedRole(arn: "r"), from: planned))
    }

    @Test("Other sources of a role are known")
    func sources() throws {
        #expect(
            try plan("a", "[profile a]\nrole_arn=r\ncredential_source=Ec2InstanceMetadata")
                == .assume(AssumedRole(arn: "r"), from: .source("Ec2InstanceMetadata")))
        #expect(
            try plan("a", "[profile a]\nrole_arn=r\nweb_identity_token_file=/t\nrole_session_name=s")
                == .webIdentity(AssumedRole(arn: "r", session: "s"), tokenFile: "/t"))
    }

    @Test(
        "What cannot be followed is refused in words",
        arguments: [
            ("[profile a]\nrole_arn=r\nsource_profile=b\n[profile b]\nrole_arn=r\nsource_profile=a", "a → b → a"),
            ("[profile a]\nrole_arn=r\nsource_profile=b", "source_profile “b” is nowhere"),
            ("[profile a]\nrole_arn=r\nsource_profile=b\n[profile b]\nregion=x", "is of no use"),
            ("[profile a]\nrole_arn=r", "neither a source_profile nor a credential_source"),
            ("[profile a]\nrole_arn=r\nmfa_serial=m\nsource_profile=a", "one-time password"),
            ("[profile a]\ncredential_process=/bin/x", "not run for credentials"),
            ("[profile a]\nsso_session=x", "browser"),
            ("[profile a]\naws_access_key_id=x", "without its aws_secret_access_key"),
            ("[profile a]\naws_secret_access_key=x", "without its aws_access_key_id"),
        ])
    func refused(configuration: String, words: String) throws {
        let error = try #require(throws: BackupError.self) { try plan("a", configuration) }
        #expect(error.code == .invalidConfiguration)
        #expect(error.message.contains(words))
        #expect(error.message.contains("credential"))
        #expect(!error.message.contains("/bin/x"))
    }

    @Test("A profile without credentials, and one that is not there, give nothing")
    func nothing() throws {
        guard case .none = try plan("a", "[profile a]\nregion=x"), case .none = try plan("b", "[profile a]\nregion=x") else {
            Issue.record("there is a plan")
            return
        }
    }
}
