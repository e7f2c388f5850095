import BackupTestKit
import Testing

@Suite("Free ports")
struct FreePortTests {
    @Test("none is given twice, and none is one that the kernel gives to whoever connects")
    func unique() throws {
        let ports = try (0..<200).map { _ in try FreePort.any() }
        #expect(Set(ports).count == ports.count && ports.allSatisfy { (1024..<32_768).contains($0) })
    }
}
