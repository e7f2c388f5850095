import Testing

@testable import BackupService

@Suite("A door", .timeLimit(.minutes(5)))
struct DoorTests {
    @Test("lets through whoever waits, and whoever comes later")
    func open() async {
        let door = Door()
        async let early = door.isPassed()
        door.open()
        let passed = await [early, door.isPassed()]
        #expect(passed == [true, true])
    }

    @Test("keeps nobody who is called off")
    func calledOff() async {
        let door = Door()
        let waiting = Task { await door.isPassed() }
        waiting.cancel()
        let isPassed = await waiting.value
        #expect(!isPassed)
    }
}
