import BackupModel
import Testing

@Suite("The fingerprint of a service")
struct ServiceFingerprintTests {
    private let key = Secret("of this installation")

    private func fingerprint(_ settings: [String: String]) -> ServiceFingerprint { ServiceFingerprint(key: key, settings: settings) }

    @Test("The same settings of the same installation give the same one")
    func same() {
        #expect(fingerprint(["A": "1", "B": "2"]) == fingerprint(["B": "2", "A": "1"]))
    }

    @Test(
        "Any other setting changes the one half of it, and what is one text when it is put together differently is not one setting",
        arguments: [["A": "1"], ["A": "1", "B": "3"], ["A": "1\nB 1 2"], ["A": "", "B": "2"], [:]])
    func other(_ settings: [String: String]) {
        let (one, other) = (fingerprint(["A": "1", "B": "2"]), fingerprint(settings))
        #expect(one.installation == other.installation && one.settings != other.settings)
    }

    @Test("A file is another one where something else stands in it, and no other path is the same file; neither stands in it")
    func files() {
        let one = ServiceFingerprint(key: key, settings: [:], files: ["/b/env": ["A": "cafe"]])
        #expect(!one.differs(inFilesOf: ServiceFingerprint(key: key, settings: ["B": "2"], files: ["/b/env": ["A": "cafe"]])))
        #expect(one.differs(inFilesOf: ServiceFingerprint(key: key, settings: [:], files: ["/b/env": [:]])))
        #expect(!one.differs(inFilesOf: ServiceFingerprint(key: key, settings: [:], files: ["/c/env": [:]])))
        #expect(!one.differs(inFilesOf: fingerprint([:])))
        #expect((Array(one.files.keys) + one.files.values).allSatisfy { $0.wholeMatch(of: /[0-9a-f]{32}/) != nil })
    }

    @Test("Another installation has another one, whatever its settings; no value stands in it")
    func installation() {
        let settings = ["PGPASSWORD": "cafe"]
        let (one, other) = (fingerprint(settings), ServiceFingerprint(key: Secret("of another"), settings: settings))
        #expect(one.installation != other.installation && one.settings != other.settings)
        #expect(one.settings.wholeMatch(of: /[0-9a-f]{32}/) != nil && one.installation.wholeMatch(of: /[0-9a-f]{32}/) != nil)
    }
}
