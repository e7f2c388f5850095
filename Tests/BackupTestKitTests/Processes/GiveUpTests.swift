import BackupTestKit
import Testing

@Suite("What a machine does not let a test do")
struct GiveUpTests {
    @Test("fails it in continuous integration, where the machine offers it")
    func offered() {
        func mount() throws { try giveUp("no btrfs can be mounted here", whereOffered: true, inContinuousIntegration: true) }
        let error = #expect(throws: NotPossible.self) { try mount() }
        #expect(error?.description == "no btrfs can be mounted here")
    }

    @Test("skips it anywhere else")
    func failures() {
        #expect(NotPossible.isFailure(whereOffered: true, inContinuousIntegration: true))
        #expect(!NotPossible.isFailure(whereOffered: true, inContinuousIntegration: false))
        #expect(!NotPossible.isFailure(whereOffered: false, inContinuousIntegration: true))
        #expect(!NotPossible.isFailure(whereOffered: false, inContinuousIntegration: false))
    }

    @Test("is offered where a device can be opened, and a kind of file system is known")
    func offers() {
        #expect(MachineOffer.device("/dev/null") && !MachineOffer.device("/dev/no-such-device"))
        #expect(MachineOffer.filesystem("proc") && !MachineOffer.filesystem("roc") && !MachineOffer.filesystem("no-such-kind"))
    }
}
