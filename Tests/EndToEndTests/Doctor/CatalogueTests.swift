import Foundation
import Testing

@Suite("The doctor's fault catalogue is whole")
struct CatalogueTests {
    @Test("It has at least fifty faults")
    func count() {
        #expect(CatalogueFault.allCases.count >= 50)
    }

    @Test("Each has what is expected of the doctor, and is put into an installation by a test", arguments: CatalogueFault.allCases)
    func injected(_ fault: CatalogueFault) throws {
        #expect(!fault.expected.code.isEmpty)
        #expect(fault.section != nil || fault.expected.code == "failed")
        // Not \b: to Unicode a full stop between letters is no boundary of words.
        let used = try Self.tests.contains { $0.contains(try Regex("\\.\(fault.rawValue)(?![A-Za-z])")) }
        #expect(used, "no test injects \(fault.rawValue)")
    }

    /// What the tests beside this file say.
    private static let tests: [String] = {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
        let files = (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
        return files.filter { !$0.lastPathComponent.hasPrefix("Catalogue") }.compactMap { try? String(contentsOf: $0, encoding: .utf8) }
    }()
}
