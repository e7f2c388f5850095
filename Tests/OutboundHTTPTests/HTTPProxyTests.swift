import AsyncHTTPClient
import BackupModel
import Testing

@testable import OutboundHTTP

@Suite("Proxies")
struct HTTPProxyTests {
    @Test("A login goes to the proxy and into no message")
    func login() throws {
        let proxy = try #require(HTTPProxy(for: "https://a", environment: ["https_proxy": "http://user:p%40ss@proxy:1"]))
        #expect(proxy.configuration.authorization == .basic(username: "user", password: "p@ss"))
        var dumped = ""
        dump(proxy, to: &dumped)
        #expect(!dumped.contains("dXNlcjpwQHNz"))
        #expect("\(proxy)" == "proxy:1")
    }
}
