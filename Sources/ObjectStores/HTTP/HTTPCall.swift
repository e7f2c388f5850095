import NIOCore
import NIOHTTP1

/// One request as a store's protocol made it: nothing is added to it on the way but what HTTP itself demands.
struct HTTPCall: Sendable {
    var method: HTTPMethod
    /// Absolute, and escaped already.
    var url: String
    var headers: HTTPHeaders
    /// Whole, as what is sent may have to be sent again; pieces of a larger object are bounded by the store.
    var body: ByteBuffer
    /// A longer answer is a failure: what a server says does not fill the memory.
    var answerLimit: Int
    /// How long no byte may move, where that is less than for other calls of the store.
    var stallLimit: Duration?

    /// What documents and errors of stores never come near.
    static let documentLimit = 16 << 20

    init(
        _ method: HTTPMethod, _ url: String, headers: HTTPHeaders = [:], body: ByteBuffer = ByteBuffer(), answerLimit: Int = documentLimit
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.answerLimit = answerLimit
    }
}

/// What came back, whatever its status.
struct HTTPAnswer: Sendable {
    var status: Int
    var headers: HTTPHeaders
    var body: [UInt8]

    var isSuccess: Bool { (200..<300).contains(status) }
    var text: String { String(decoding: body, as: UTF8.self) }

    init(status: Int, headers: HTTPHeaders = [:], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}
