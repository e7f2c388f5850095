import Testing

@testable import BackupModel

@Suite("Memory for a forked child")
struct ForkMemoryTests {
    /// Of 10 bytes that are held.
    private func memory(free: Int64, _ overcommit: Int?) -> ForkMemory {
        ForkMemory(heldBytes: 10, availableBytes: free, overcommit: overcommit)
    }

    @Test(
        "The kernel may refuse what is larger than what is free, unless it grants everything",
        arguments: [(0, true), (2, true), (1, false)])
    func refused(overcommit: Int, isRefused: Bool) {
        #expect(memory(free: 9, overcommit).mayBeRefused == isRefused)
        #expect(!memory(free: 10, overcommit).mayBeRefused)
        #expect(!memory(free: 9, nil).mayBeRefused)
    }

    @Test("Half of it has to be free for what is written meanwhile, whatever the kernel grants", arguments: [0, 1, 2, nil])
    func short(_ overcommit: Int?) {
        #expect(memory(free: 4, overcommit).isShort)
        #expect(!memory(free: 5, overcommit).isShort)
    }
}
