import BackupModel
import Crypto
import Testing

@testable import ObjectStores

@Suite("Signature Version 4")
struct SignatureV4Tests {
    private static let nothing = SHA256Hash.ofNothing

    /// From “Examples: Signature Calculations” of the Amazon S3 API Reference.
    private func documented(_ subject: SignatureV4.Subject) throws -> String {
        let credentials = AWSCredentials(
            accessKeyID: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: Secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"), source: "test")
        let time = try #require(Instant(iso8601: "2013-05-24T00:00:00.000Z"))
        return SignatureV4(region: "us-east-1", credentials: credentials, time: time).signature(of: subject)
    }

    private func get(_ path: String, query: [(name: String, value: String)] = [], headers: [(name: String, value: String)] = [])
        -> SignatureV4
        .Subject
    {
        SignatureV4.Subject(
            method: "GET", path: path, query: query,
            headers: headers + [
                ("Host", "examplebucket.s3.amazonaws.com"), ("x-amz-content-sha256", Self.nothing), ("x-amz-date", "20130524T000000Z"),
            ], payloadHash: Self.nothing)
    }

    @Test("The examples of the S3 documentation")
    func examples() throws {
        #expect(
            try documented(get("/test.txt", headers: [("Range", "bytes=0-9")]))
                == "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41")
        #expect(
            try documented(get("/", query: [("lifecycle", "")])) == "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543")
        #expect(
            try documented(get("/", query: [("prefix", "J"), ("max-keys", "2")]))
                == "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7")
    }

    @Test("The example of a PUT, with a name that is escaped")
    func put() throws {
        let hash = SHA256.hash(data: Array("Welcome to Amazon S3.".utf8)).hexadecimal
        #expect(hash == "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072")
        let subject = SignatureV4.Subject(
            method: "PUT", path: "/" + URIEscape.escape("test$file.text"), query: [],
            headers: [
                ("Date", "Fri, 24 May 2013 00:00:00 GMT"), ("Host", "examplebucket.s3.amazonaws.com"),
                ("x-amz-content-sha256", hash), ("x-amz-date", "20130524T000000Z"), ("x-amz-storage-class", "REDUCED_REDUNDANCY"),
            ], payloadHash: hash)
        #expect(try documented(subject) == "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd")
    }

    /// From AWS's Signature Version 4 test suite.
    @Test(
        "The published test suite",
        arguments: [
            ([], [], "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
            ([("Param2", "value2"), ("Param1", "value1")], [], "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"),
        ] as [([(String, String)], [(String, String)], String)])
    func suite(query: [(String, String)], headers: [(String, String)], expected: String) throws {
        let credentials = AWSCredentials(
            accessKeyID: "AKIDEXAMPLE", secretAccessKey: Secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"), source: "test")
        let time = try #require(Instant(iso8601: "2015-08-30T12:36:00.000Z"))
        let signature = SignatureV4(region: "us-east-1", service: "service", credentials: credentials, time: time)
        let subject = SignatureV4.Subject(
            method: "GET", path: "/", query: query.map { (name: $0.0, value: $0.1) },
            headers: headers.map { (name: $0.0, value: $0.1) } + [("Host", "example.amazonaws.com"), ("X-Amz-Date", "20150830T123600Z")],
            payloadHash: Self.nothing)
        #expect(signature.signature(of: subject) == expected)
        #expect(
            signature.authorization(for: subject)
                == "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request,SignedHeaders=host;x-amz-date,Signature=\(expected)"
        )
    }

    @Test("Neither the order of headers and parameters nor the letters' case of names nor spaces around values change a signature")
    func invariance() throws {
        let queries: [(name: String, value: String)] = [("b", "2"), ("a", "ü &="), ("a", "1"), ("A", "")]
        let headers: [(name: String, value: String)] = [("X-B", "  one   two "), ("x-a", "1")]
        let plain = try documented(get("/k", query: queries, headers: headers))
        for _ in 0..<50 {
            let other = headers.shuffled().map { (name: Bool.random() ? $0.name.uppercased() : $0.name, value: $0.value + " ") }
            #expect(try documented(get("/k", query: queries.shuffled(), headers: other)) == plain)
        }
        #expect(try documented(get("/k", query: queries, headers: [("x-b", "one two"), ("x-a", "2")])) != plain)
    }
}

@Suite("Percent escapes")
struct URIEscapeTests {
    @Test("Only unreserved characters stand for themselves")
    func escapes() {
        #expect(URIEscape.escape("aZ0-._~ /+%ü") == "aZ0-._~%20%2F%2B%25%C3%BC")
        #expect(URIEscape.escape("a/b c", keepingSlash: true) == "a/b%20c")
    }

    @Test("What was escaped reads back, whatever it is")
    func roundTrip() {
        for _ in 0..<500 {
            let text = String(String.UnicodeScalarView((0..<12).compactMap { _ in Unicode.Scalar(UInt32.random(in: 1...0x2FFF)) }))
            #expect(URIEscape.unescape(URIEscape.escape(text)) == text)
        }
        #expect(URIEscape.unescape("a+b%2Bc") == "a b+c")
    }

    @Test("Broken escapes are no text", arguments: ["%", "%2", "%zz", "%ff"])
    func broken(text: String) { #expect(URIEscape.unescape(text) == nil) }
}
