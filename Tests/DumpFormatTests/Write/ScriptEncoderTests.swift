import DumpFormat
import Testing

struct ScriptEncoderTests {
    @Test(arguments: Container.allCases)
    func cutsTextWithoutLookingAtIt(container: Container) throws {
        let script = Array(String(repeating: "CREATE TABLE t (a text DEFAULT 'é\n');\n", count: 100).utf8)
        var encoder = ScriptEncoder(container: container, memberBytes: 1_000)
        var members: [[UInt8]] = []
        for start in stride(from: 0, to: script.count, by: 333) {
            members += try encoder.append(Array(script[start...].prefix(333)))
        }
        let end = try encoder.finish()
        members += end.members
        #expect(try text(of: members.flatMap { $0 }, container) == script)
        #expect(members.count == (script.count + 999) / 1_000)
        #expect(end.summary.plainBytes == Int64(script.count))
        #expect(end.summary.members == members.count)
        #expect(end.summary.checksum == Checksum.hex(of: members.flatMap { $0 }))
    }

    @Test
    func makesNothingOfNoText() throws {
        var encoder = ScriptEncoder(container: .gzip)
        #expect(try encoder.append([]).isEmpty)
        #expect(try encoder.finish().members.isEmpty)
    }
}
