import BackupModel
import BytePipeline
import Testing

@Suite("Tee")
struct TeeSinkTests {
    @Test("Every branch gets the same bytes in the same order")
    func branches() async throws {
        let branches = [ArraySink(), ArraySink(), ArraySink()]
        let tee = TeeSink(branches)
        for byte in 0..<10 as Range<UInt8> { try await tee.write([byte]) }
        for branch in branches { #expect(branch.bytes == Array(0..<10)) }
    }

    @Test("One branch failing fails the write")
    func failure() async {
        let tee = TeeSink([ArraySink(), RefusingSink()])
        await #expect(throws: BackupError.self) { try await tee.write([1]) }
    }
}
