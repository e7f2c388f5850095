import BackupModel
import BytePipeline
import Testing

@Suite("Encrypting sink")
struct AgeEncryptingSinkTests {
    private let identity = AgeIdentity()

    @Test("A file that was not finished is none")
    func unfinished() async throws {
        let end = ArraySink()
        let sink = try AgeEncryptingSink(end, to: [identity.recipient])
        try await sink.write(noise(4 << 20))
        let error = await #expect(throws: BackupError.self) { try await decrypted(end.bytes, with: [identity]) }
        #expect(error?.code == .verificationFailed)
    }

    /// What was begun is worked on at once (`OrderedLanesTests`): so as many groups are sealed together as were begun before the first one is waited for.
    @Test("As many groups are sealed at the same time as there are lanes", arguments: 1...4)
    func together(lanes: Int) async throws {
        let end = ArraySink()
        let sink = try AgeEncryptingSink(end, to: [identity.recipient], lanes: lanes)
        let group = [UInt8](repeating: 7, count: 1 << 20)
        try await sink.write([7])
        let header = end.bytes.count
        // A group is begun when it is full and more has come.
        for _ in 0..<lanes { try await sink.write(group) }
        #expect(end.bytes.count == header)
        try await sink.write(group)
        #expect(end.bytes.count > header + group.count && end.bytes.count < header + 2 * group.count)
        try await sink.finish()
        #expect(try await decrypted(end.bytes, with: [identity]).count == 1 + (lanes + 1) * group.count)
    }

    @Test("Nobody to encrypt to is an error, not an open file")
    func nobody() {
        let error = #expect(throws: BackupError.self) { try AgeEncryptingSink(ArraySink(), to: []) }
        #expect(error?.code == .invalidConfiguration)
    }

    @Test("What the next sink throws reaches the writer unchanged")
    func refusal() async throws {
        let sink = try AgeEncryptingSink(RefusingSink(), to: [identity.recipient])
        let error = await #expect(throws: BackupError.self) { try await sink.write([1]) }
        #expect(error?.code == .outOfSpace)
    }

    @Test("No two files are alike, though they hold the same")
    func freshness() async throws {
        let one = try await encrypted([1, 2, 3], to: [identity.recipient])
        let two = try await encrypted([1, 2, 3], to: [identity.recipient])
        #expect(one.count == two.count)
        #expect(one != two)
    }

    @Test("The plain text is nowhere in what leaves it")
    func secrecy() async throws {
        let plain = Array("the caller's number is 5550199, her name is confidential".utf8)
        let sealed = try await encrypted(plain, to: [identity.recipient])
        #expect(!String(decoding: sealed, as: UTF8.self).contains("5550199"))
    }
}
