import Testing

@testable import BackupModel

@Suite("Proxies")
struct HTTPProxyTests {
    @Test(
        "They are taken from the variables curl reads",
        arguments: [
            ("https://s3.example.com", ["https_proxy": "http://proxy:8080"], "proxy:8080"),
            ("https://s3.example.com", ["HTTPS_PROXY": "proxy"], "proxy:3128"),
            ("http://s3.example.com", ["https_proxy": "http://proxy:8080"], nil),
            ("http://s3.example.com", ["http_proxy": "http://proxy:8080"], "proxy:8080"),
            ("http://s3.example.com", ["HTTP_PROXY": "http://proxy:8080"], nil),
            ("http://s3.example.com", ["ALL_PROXY": "http://proxy:1"], "proxy:1"),
            ("https://s3.example.com", ["https_proxy": "http://proxy:8080", "no_proxy": "localhost,.example.com"], nil),
            ("https://s3.example.com", ["https_proxy": "http://proxy:8080", "NO_PROXY": "*"], nil),
            ("https://s3.example.com", ["https_proxy": "http://proxy:8080", "no_proxy": "ample.com"], "proxy:8080"),
            ("https://s3.example.com", ["https_proxy": ""], nil),
        ] as [(String, [String: String], String?)])
    func choice(url: String, environment: [String: String], expected: String?) {
        #expect(HTTPProxy(for: url, environment: environment)?.description == expected)
    }
}
