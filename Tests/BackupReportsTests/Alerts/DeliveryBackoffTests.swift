import Testing

@testable import BackupReports

@Suite("Waits between offers")
struct DeliveryBackoffTests {
    @Test("Double up to five minutes, and heed the other side's word")
    func waits() {
        func wait(_ failures: Int, _ asked: Duration? = nil, _ chance: Double = 1) -> Duration {
            DeliveryBackoff.wait(after: failures, asked: asked, chance: chance)
        }
        #expect(wait(1) == .seconds(5))
        #expect(wait(1, nil, 0) == .seconds(2.5))
        #expect(wait(4) == .seconds(40))
        #expect(wait(50) == .seconds(300))
        #expect(wait(1, .seconds(3600)) == .seconds(3600))
    }
}
