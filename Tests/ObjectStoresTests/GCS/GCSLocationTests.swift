import Testing

@testable import ObjectStores

@Suite("Addresses of Cloud Storage")
struct GCSLocationTests {
    private let location = GCSLocation(bucket: "b", prefix: "/call center/night/", endpoint: "http://host:1/")

    @Test("Names are escaped as a whole, slashes too")
    func addresses() {
        #expect(location.name == "gs://b/call center/night")
        #expect(location.object("a+b.json") == "http://host:1/storage/v1/b/b/o/call%20center%2Fnight%2Fa%2Bb.json")
        #expect(
            location.object("a", [("alt", "media"), ("generation", "7")])
                == "http://host:1/storage/v1/b/b/o/call%20center%2Fnight%2Fa?alt=media&generation=7")
        #expect(location.listing(after: "t=1").hasSuffix("&prefix=call%20center%2Fnight%2F&pageToken=t%3D1"))
        #expect(GCSLocation(bucket: "b").object("k") == "https://storage.googleapis.com/storage/v1/b/b/o/k")
    }

    @Test("Only what lies right under the prefix has a key")
    func keys() {
        #expect(location.key(ofObject: "call center/night/a") == "a")
        #expect(location.key(ofObject: "call center/nightly/a") == nil)
        #expect(location.key(ofObject: "call center/night") == nil)
        #expect(GCSLocation(bucket: "b").key(ofObject: "a") == "a")
    }
}
