import BackupModel
import Testing

@Suite("What may hang")
struct BoundedTests {
    private struct Broken: Error {}

    @Test("gives its value, or its error, when it ends in time")
    func ends() async throws {
        #expect(try await bounded(by: .seconds(600)) { 42 } == 42)
        await #expect(throws: Broken.self) { try await bounded(by: .seconds(600)) { () -> Int in throw Broken() } }
    }

    @Test("is left behind when it does not, whatever it does")
    func hangs() async throws {
        let value: Int? = try await bounded(by: .milliseconds(1)) {
            await withUnsafeContinuation { (_: UnsafeContinuation<Void, Never>) in }
            return 42
        }
        #expect(value == nil)
    }

    @Test("is left behind when something else says that it is enough")
    func patience() async throws {
        let value: Int? = try await bounded(until: {}) {
            await withUnsafeContinuation { (_: UnsafeContinuation<Void, Never>) in }
            return 42
        }
        #expect(value == nil)
    }

    @Test("ends with its caller")
    func cancelled() async throws {
        let run = Task {
            try await bounded(by: .seconds(600)) {
                await withUnsafeContinuation { (_: UnsafeContinuation<Void, Never>) in }
                return 42
            }
        }
        run.cancel()
        await #expect(throws: CancellationError.self) { try await run.value }
    }
}
