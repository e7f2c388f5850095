import Testing

@testable import Redis

@Suite struct RedisErrorTests {
    @Test func theFirstWordIsACodeWhenItLooksLikeOne() {
        #expect(RedisError(line: "NOAUTH Authentication required.") == RedisError(kind: "NOAUTH", message: "Authentication required."))
        #expect(RedisError(line: "unknown") == RedisError(kind: "ERR", message: "unknown"))
    }

    @Test func argumentsThatAServerRepeatsAreNotCarriedOn() {
        let told = RedisError(line: "ERR unknown command `AUTH`, with args beginning with: `backup`, `secret`, ")
        #expect(told == RedisError(kind: "ERR", message: "unknown command `AUTH`"))
    }
}
