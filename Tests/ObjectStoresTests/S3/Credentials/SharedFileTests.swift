import Testing

@testable import ObjectStores

@Suite("AWS's shared files")
struct SharedFileTests {
    @Test("Sections, properties, comments and continued lines are read as AWS's programs read them")
    func format() {
        let file = SharedFile(
            """
            # a comment
            ; another
            [default]
            aws_access_key_id = AKDEFAULT   # mine
            aws_secret_access_key=a/b+c#d;e
            Region\t=  eu-west-1
            empty =
            [profile   work ] ; of the office
            s3 =
              addressing_style = path
              # not a comment's end
            region = eu-central-1
            [default]
            region = eu-west-2
            """)
        #expect(file.sections["default"]?["aws_access_key_id"] == "AKDEFAULT")
        #expect(file.sections["default"]?["aws_secret_access_key"] == "a/b+c#d;e")
        #expect(file.sections["default"]?["region"] == "eu-west-2")
        #expect(file.sections["default"]?["empty"] == "")
        #expect(file.sections["profile work"] == ["s3": "\naddressing_style = path", "region": "eu-central-1"])
        #expect(file.faultyLines.isEmpty)
    }

    @Test("Lines that mean nothing are known by their numbers")
    func faulty() {
        let file = SharedFile("region = nowhere\n[broken\nx = 1\n[default]\njust words\n= 3\r\nkey = value\r\n")
        #expect(file.faultyLines == [1, 2, 3, 5, 6])
        #expect(file.sections == ["default": ["key": "value"]])
    }

    @Test("The credentials file goes before the configuration file, and sections of other kinds are no profiles")
    func merging() {
        let profiles = SharedProfiles(
            configuration: SharedFile(
                "[default]\nregion=a\n[profile default]\nregion=b\n[profile x]\naws_access_key_id=1\nregion=r\n[sso-session y]\nz=1\n[w]\nq=1"
            ),
            credentials: SharedFile("[x]\naws_access_key_id=2\n[only]\naws_access_key_id=3"))
        #expect(Set(profiles.profiles.keys) == ["default", "x", "only"])
        #expect(profiles.profiles["default"]?["region"] == "b")
        #expect(profiles.profiles["x"]?.properties == ["aws_access_key_id": "2", "region": "r"])
    }
}
