import BackupModel
import NIOHTTP1
import Testing

@testable import ObjectStores

@Suite("Times of servers")
struct HTTPDateTests {
    @Test("The date of an answer tells how far apart the clocks are")
    func lead() throws {
        let now = try #require(Instant(iso8601: "1994-11-06T08:39:37.000Z"))
        let answer = HTTPAnswer(status: 200, headers: ["Date": "Sun, 06 Nov 1994 08:49:37 GMT"])
        #expect(answer.clockLead(over: now) == .seconds(600))
    }

    @Test(
        "What is no such date is none",
        arguments: ["", "now", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 CET", "Sun, 99 Nov 1994 08:49:37 GMT"])
    func garbage(text: String) { #expect(HTTPDate.parse(text) == nil) }

    @Test("How long to wait is a number of seconds or a date, never below zero")
    func retryAfter() throws {
        let now = try #require(Instant(iso8601: "1994-11-06T08:49:30.000Z"))
        func wait(_ text: String) -> Duration? { HTTPAnswer(status: 503, headers: ["Retry-After": text]).retryAfter(now: now) }
        #expect(wait("120") == .seconds(120))
        #expect(wait("-5") == .zero)
        #expect(wait("Sun, 06 Nov 1994 08:49:37 GMT") == .seconds(7))
        #expect(wait("Sun, 06 Nov 1994 08:49:07 GMT") == .zero)
        #expect(wait("soon") == nil)
        #expect(HTTPAnswer(status: 503).retryAfter(now: now) == nil)
    }
}
