import BackupModel
import NIOCore
import Testing

@testable import ObjectStores

@Suite("A call under way")
struct HTTPExchangeTests {
    @Test("is heard of with every piece of its answer by who asked for it, and by nobody else")
    func movement() async throws {
        let movement = Movement()
        try await movement.hear {
            let exchange = HTTPExchange()
            exchange.begin(HTTPAnswer(status: 206), expecting: 8)
            #expect(exchange.append(ByteBuffer(string: "four")) == 4)
            await withTaskGroup(of: Void.self) { group in
                group.addTask { #expect(exchange.append(ByteBuffer(string: "more")) == 8) }
            }
        }
        #expect(movement.count == 2)
        let other = HTTPExchange()
        other.begin(HTTPAnswer(status: 206), expecting: 4)
        #expect(other.append(ByteBuffer(string: "four")) == 4)
        #expect(movement.count == 2)
    }
}
