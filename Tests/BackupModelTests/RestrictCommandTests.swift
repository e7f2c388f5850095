import BackupModel
import Testing

@Suite("psql's command that keeps a script from commands of psql's own")
struct RestrictCommandTests {
    /// PostgreSQL's release notes of August 2025.
    @Test("is known from one minor release on", arguments: [(13, 22), (14, 19), (15, 14), (16, 10), (17, 6)])
    func boundary(major: Int, minor: Int) {
        #expect(RestrictCommand.isKnown(major: major, minor: minor) && RestrictCommand.isKnown(major: major, minor: minor + 1))
        #expect(!RestrictCommand.isKnown(major: major, minor: minor - 1) && !RestrictCommand.isKnown(major: major, minor: nil))
    }

    @Test("is known to every release from 18 on, and to none before 13")
    func elsewhere() {
        #expect(RestrictCommand.isKnown(major: 18, minor: 0) && RestrictCommand.isKnown(major: 18, minor: nil))
        #expect(!RestrictCommand.isKnown(major: 12, minor: 22))
    }
}
