import BackupModel
import Testing

@testable import BackupEngine

@Suite("What a run says of where the rows of a database come from")
struct RowOriginsTests {
    @Test("why all of them were read, where there was something to take them from")
    func reread() {
        var origins = RowOrigins(reusedBytes: 0, readBytes: 8_000_000)
        #expect(origins.words(of: "calls").hasSuffix(" were read"))
        origins.reason = "extensions were changed"
        #expect(origins.words(of: "calls").hasSuffix(" were read, because extensions were changed"))
    }

    @Test(
        "how much of what was taken over was read all the same",
        arguments: [(nil, ""), (0, ""), (1, "1 segment was"), (12, "12 segments were")] as [(Int64?, String)])
    func audited(count: Int64?, words: String) {
        let origins = RowOrigins(reusedBytes: 9, readBytes: 0, source: "a.sql.gz", auditedSegments: count)
        let told = origins.words(of: "calls")
        #expect(told.contains("taken over from a.sql.gz"))
        #expect(told.hasSuffix(words.isEmpty ? "a.sql.gz" : "; of what had not changed \(words) read all the same, and agreed"))
    }
}
