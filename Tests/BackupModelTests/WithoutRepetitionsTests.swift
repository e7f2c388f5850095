import BackupModel
import Testing

@Suite("A list without repetitions")
struct WithoutRepetitionsTests {
    @Test("has everything once, where it was first")
    func order() {
        #expect(["b", "a", "b", "c", "a"].withoutRepetitions == ["b", "a", "c"])
        #expect([Int]().withoutRepetitions.isEmpty)
    }
}
