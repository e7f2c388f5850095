import BackupTestKit
import Glibc
import SystemPackage
import Testing

@testable import ObjectStores

@Suite("Output to a descriptor")
struct DescriptorSinkTests {
    private func withPipe(_ body: (_ reader: Int32, _ writer: Int32) async throws -> Void) async throws {
        let (reader, writer) = try FileDescriptor.pipe()
        defer {
            close(reader.rawValue)
            close(writer.rawValue)
        }
        try await body(reader.rawValue, writer.rawValue)
    }

    /// The kernel may allow less (`fs.pipe-max-size`), and refuse a user whose pipes take much already (pipe(7)); asked with nothing of ours.
    private func requireLargePipes() async throws {
        try await withPipe { _, writer in
            let setPipeCapacity: Int32 = 1031
            guard fcntl(writer, setPipeCapacity, largestPipe) < 0, errno == EPERM else { return }
            try Test.cancel("the kernel refuses a pipe of \(largestPipe) bytes: see /proc/sys/fs/pipe-max-size and pipe-user-pages-soft")
        }
    }

    @Test("A pipe is made to hold a large block: it is written whole while nobody reads, and comes out as it was")
    func enlarged() async throws {
        try await requireLargePipes()
        try await withPipe { reader, writer in
            #expect(try #require(pipeCapacity(writer)) < largestPipe)
            let sink = DescriptorSink(writer, name: "a pipe")
            // Without that the write would wait for a reader for ever.
            try #require(pipeCapacity(writer) == largestPipe)
            let block = (0..<Int(largestPipe)).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            try await sink.write(block)
            var read: [UInt8] = []
            var piece = [UInt8](repeating: 0, count: 1 << 16)
            while read.count < block.count {
                let count = Glibc.read(reader, &piece, piece.count)
                try #require(count > 0)
                read += piece[..<count]
            }
            #expect(read == block)
        }
    }

    @Test("One that is larger is not made smaller")
    func larger() async throws {
        try await withPipe { _, writer in
            enlargePipe(writer, to: 2 * largestPipe)
            let held = try #require(pipeCapacity(writer))
            try await DescriptorSink(writer, name: "a pipe").write([1])
            #expect(try #require(pipeCapacity(writer)) >= held)
        }
    }

    @Test("What is no pipe is written to all the same")
    func file() async throws {
        try await withTemporaryFolder { folder in
            let path = folder.appending("file")
            let file = try FileDescriptor.open(path, .readWrite, options: .create, permissions: .ownerReadWrite)
            defer { close(file.rawValue) }
            #expect(pipeCapacity(file.rawValue) == nil)
            try await DescriptorSink(file.rawValue, name: "a file").write([1, 2, 3])
            var read = [UInt8](repeating: 0, count: 4)
            #expect(pread(file.rawValue, &read, read.count, 0) == 3)
            #expect(read == [1, 2, 3, 0])
        }
    }
}
