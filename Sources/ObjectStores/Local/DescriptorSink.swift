import BackupModel
import Glibc

/// Writes to a descriptor that somebody else opened and closes: a pipe, a terminal. A pipe is enlarged, so that its two ends seldom wait for one another.
package struct DescriptorSink: ByteSink {
    private let descriptor: Int32
    private let name: String

    /// - Parameter name: for messages.
    package init(_ descriptor: Int32, name: String) {
        self.descriptor = descriptor
        self.name = name
        enlargePipe(descriptor)
    }

    package func write(_ bytes: [UInt8]) async throws {
        try await blocking {
            try bytes.withUnsafeBytes { buffer in
                var rest = UnsafeRawBufferPointer(buffer)
                while let start = rest.baseAddress, !rest.isEmpty {
                    let written = Glibc.write(descriptor, start, rest.count)
                    if written < 0, errno == EINTR { continue }
                    guard written >= 0 else { throw failure(errno) }
                    rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(written))
                }
            }
        }
    }

    private func failure(_ number: Int32) -> BackupError {
        guard number == EPIPE else { return localFailure(number, "write", name) }
        return BackupError(.failed, "whoever was reading \(name) has gone", hint: "Look at why the program after the pipe ended.")
    }
}
