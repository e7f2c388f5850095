import BackupModel
import BytePipeline
import Testing

@Suite("Digesting sink")
struct DigestingSinkTests {
    @Test("It counts and digests what it passes on")
    func summary() async throws {
        let end = ArraySink()
        let sink = DigestingSink(end)
        try await sink.write(Array("ab".utf8))
        try await sink.write(Array("c".utf8))
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        #expect(sink.summary == ByteSummary(bytes: 3, sha256: abc))
        #expect(end.bytes == Array("abc".utf8))
    }

    @Test("Nothing written has the digest of nothing")
    func empty() {
        let nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        #expect(DigestingSink(ArraySink()).summary == ByteSummary(bytes: 0, sha256: nothing))
    }

    @Test("What the next sink refused is not counted")
    func refusal() async throws {
        let sink = DigestingSink(RefusingSink())
        await #expect(throws: BackupError.self) { try await sink.write([1, 2, 3]) }
        #expect(sink.summary.bytes == 0)
    }
}
