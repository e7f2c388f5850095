import Glibc
import NIOPosix
import SystemPackage

/// The other end of sd_notify(3): what a service tells systemd, and by that what a test can wait for.
package struct NotifySocket: Sendable {
    /// For `NOTIFY_SOCKET`.
    package let address: String
    /// Every message, in order, from the first one on.
    package let messages: AsyncStream<String>

    /// Waits for a message that holds `text`, and passes over those before it. One task waits at a time.
    /// - Throws: what was said in its place, when the socket is closed or the test is called off before it comes.
    @discardableResult
    package func message(holding text: String) async throws -> String {
        var passed: [String] = []
        for await message in messages {
            if message.contains(text) { return message }
            passed.append(message)
        }
        throw Command.Failure(description: "“\(text)” was never said, but \(passed)")
    }
}

/// Runs `body` with a socket of its own: a path, or where the test asks for it a name without a file.
package func withNotifySocket<Value: Sendable>(abstract: Bool = false, _ body: (NotifySocket) async throws -> Value) async throws -> Value {
    try await withTemporaryFolder { folder in
        let address = abstract ? "@ccb-notify-\(UInt64.random(in: .min ... .max))" : folder.appending("notify").string
        let descriptor = try bound(address)
        let (messages, continuation) = AsyncStream.makeStream(of: String.self)
        // A thread of its own: it waits for as long as the socket is there, and those of the shared pool are as few as processors.
        let thread = NIOThreadPool(numberOfThreads: 1)
        thread.start()
        let reading = Task { try await thread.runIfActive { receive(descriptor, continuation) } }
        let result: Result<Value, any Error>
        do { result = .success(try await body(NotifySocket(address: address, messages: messages))) } catch { result = .failure(error) }
        // Ends the reader's wait.
        shutdown(descriptor, Int32(SHUT_RD))
        try await reading.value
        close(descriptor)
        try await thread.shutdownGracefully()
        return try result.get()
    }
}

private func receive(_ descriptor: Int32, _ continuation: AsyncStream<String>.Continuation) {
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    while true {
        let count = recv(descriptor, &buffer, buffer.count, 0)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return continuation.finish() }
        continuation.yield(String(decoding: buffer.prefix(count), as: UTF8.self))
    }
}

private func bound(_ address: String) throws -> Int32 {
    let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
    guard descriptor >= 0 else { throw Errno(rawValue: errno) }
    var name = sockaddr_un()
    name.sun_family = sa_family_t(AF_UNIX)
    var bytes = Array(address.utf8)
    let isAbstract = bytes.first == UInt8(ascii: "@")
    if isAbstract { bytes[0] = 0 }
    withUnsafeMutableBytes(of: &name.sun_path) { $0.copyBytes(from: bytes) }
    let length = socklen_t(2 + bytes.count + (isAbstract ? 0 : 1))
    // The C interface takes every kind of address through one pointer type; it lives for the call only.
    let status = withUnsafePointer(to: &name) { $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) } }
    guard status == 0 else { throw Errno(rawValue: errno) }
    return descriptor
}
