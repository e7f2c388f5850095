import BackupModel
import Postgres
import Testing

@Suite struct ConnectionTargetTests {
    @Test func aPasswordIsNeitherPrintedNorPutOnACommandLine() throws {
        let target = try ConnectionTarget(url: "postgres://ann:s3cr%40t@db.example:6432/call_center?sslmode=require")
        #expect(!"\(target)".contains("s3cr"))
        #expect(!String(reflecting: target).contains("s3cr"))
        #expect(!target.connectionString.contains("s3cr"))
        #expect(target.secretEnvironment == ["PGPASSWORD": "s3cr@t"])
        #expect(target.description == "ann@db.example:6432/call_center")
    }

    @Test func aConnectionStringSurvivesValuesWithQuotesAndSpaces() throws {
        let target = ConnectionTarget(keywords: ["dbname": #"it's a \ base"#, "user": "x y"])
        let again = try ConnectionTarget(url: target.connectionString)
        #expect(again.keywords["dbname"] == #"it's a \ base"#)
        #expect(again.keywords["user"] == "x y")
    }

    @Test func aMalformedStringIsAConfigurationErrorThatDoesNotRepeatIt() {
        let error = #expect(throws: BackupError.self) { try ConnectionTarget(url: "postgres://u:s3cret@[::1/db") }
        #expect(error?.code == .invalidConfiguration)
        #expect(error?.message.contains("s3cret") == false)
    }

    /// libpq takes the parts of such a password for a port, a host or a database, and would have them in its messages.
    @Test(arguments: ["postgres://u:s3c/r#3t@db:5432/x", "postgres://u:p@ss@db/x", "postgres://u:a/b@db/x"])
    func aPasswordThatIsNotEncodedIsRefusedAndNotRepeated(url: String) {
        let error = #expect(throws: BackupError.self) { try ConnectionTarget(url: url) }
        #expect(error?.code == .invalidConfiguration)
        #expect(error?.hint?.contains("percent-encoded") == true)
        #expect(error?.message.contains("s3c") == false && error?.message.contains("ss@") == false)
    }

    @Test func secretsWithoutAVariableStayOffCommandLines() {
        let target = ConnectionTarget(keywords: ["host": "db", "sslpassword": "k3y"])
        #expect(!target.connectionString.contains("k3y"))
        #expect(target.connectionString.contains("keepalives_idle"))
    }

    @Test func anotherDatabaseKeepsServerAndPassword() throws {
        let target = try ConnectionTarget(url: "postgres://ann:pw@db/one").with(database: "two")
        #expect(target.keywords["dbname"] == "two")
        #expect(target.secretEnvironment == ["PGPASSWORD": "pw"])
    }
}
