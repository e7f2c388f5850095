import Testing

@testable import BackupEngine

@Suite struct GateTests {
    @Test func lateComersPassAnOpenGate() async throws {
        let gate = Gate()
        gate.open()
        gate.open()
        try await gate.wait()
    }

    @Test func everybodyWhoWaitsIsLetThrough() async throws {
        let gate = Gate()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<20 { group.addTask { try await gate.wait() } }
            group.addTask { gate.open() }
            try await group.waitForAll()
        }
    }

    @Test func whoIsCancelledStopsWaiting() async throws {
        let gate = Gate()
        let waiting = Task { try await gate.wait() }
        waiting.cancel()
        await #expect(throws: CancellationError.self) { try await waiting.value }
    }
}
