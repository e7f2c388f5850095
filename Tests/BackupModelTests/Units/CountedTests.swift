import BackupModel
import Testing

@Suite("Numbers with their nouns")
struct CountedTests {
    @Test(
        "One is one, everything else is many",
        arguments: [(0, "0 tables"), (1, "1 table"), (2, "2 tables"), (1_234_567, "1,234,567 tables"), (-1, "-1 tables")])
    func regular(number: Int, text: String) {
        #expect(number.counted("table") == text)
    }

    @Test("Nouns may have a plural of their own")
    func irregular() {
        #expect(1.counted("index or constraint", "indexes and constraints") == "1 index or constraint")
        #expect(Int64(3).counted("index or constraint", "indexes and constraints") == "3 indexes and constraints")
    }
}
