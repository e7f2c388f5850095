import BackupModel
import Testing

@testable import StatusPage

@Suite("Counting by address")
struct LimitTests {
    @Test("An address that was too often there waits for the end of its minute")
    func waiting() {
        let limit = AddressLimit(2)
        limit.count("a", at: Scene.now)
        #expect(limit.wait(of: "a", at: Scene.now) == nil)
        limit.count("a", at: Scene.now + .seconds(20))
        #expect(limit.wait(of: "a", at: Scene.now + .seconds(30)) == .seconds(30))
        #expect(limit.wait(of: "b", at: Scene.now + .seconds(30)) == nil)
        #expect(limit.wait(of: "a", at: Scene.now + .seconds(60)) == nil)
        limit.count("a", at: Scene.now + .seconds(61))
        #expect(limit.wait(of: "a", at: Scene.now + .seconds(61)) == nil)
    }

    @Test("A clock that is set back locks nobody out")
    func clockSetBack() {
        let limit = AddressLimit(1)
        limit.count("a", at: Scene.now)
        #expect(limit.wait(of: "a", at: Scene.now + .seconds(-3600)) == nil)
    }

    @Test("A hundred thousand addresses take up no more room than a thousand")
    func bounded() {
        let limit = AddressLimit(1, capacity: 1000)
        for number in 0..<100_000 { limit.count("\(number)", at: Scene.now + .milliseconds(number / 100)) }
        #expect(limit.addresses <= 1000)
        #expect(limit.wait(of: "99999", at: Scene.now + .milliseconds(999)) != nil)
    }

    @Test(
        "Addresses of IPv6 are counted by network",
        arguments: [
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"), ("2001:db8::1", "2001:db8:0:0::/64"), ("::1", "0:0:0:0::/64"),
            ("::ffff:10.1.2.3", "10.1.2.3"), ("fe80::1", "fe80:0:0:0::/64"),
        ])
    func networks(address: String, network: String) {
        #expect(Visit.network(of: address) == network)
    }
}
