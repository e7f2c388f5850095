import BackupModel
import BackupTestKit
import NIOCore
import Synchronization
import Testing

@testable import ObjectStores

@Suite("Parts of an upload")
struct PartTests {
    @Test("Ten thousand parts reach the largest object S3 keeps, and none is larger than S3 takes")
    func plan() {
        let plan = PartPlan(first: 8 << 20)
        let sizes = (1...PartPlan.maximumParts).map { Int64(plan.bytes(ofPart: $0)) }
        #expect(sizes.reduce(0, +) >= PartPlan.largestObject)
        #expect(sizes.allSatisfy { $0 >= 5 << 20 && $0 <= 5 << 30 })
        #expect(sizes == sizes.sorted())
        #expect(sizes.prefix(1000).allSatisfy { $0 == 8 << 20 })
        // A quarter of a TiB in parts of 64 MiB at most, as two of them are in memory.
        let common = zip(sizes, sizes.reduce(into: [Int64]()) { $0.append(($0.last ?? 0) + $1) }).filter { $0.1 <= 256 << 30 }
        #expect(common.allSatisfy { $0.0 <= 64 << 20 })
    }

    @Test(
        "A file of known length has parts of one size, which are enough for a fifth more; far beyond that they grow, and 5 TiB fit",
        arguments: [(0, 8), (40, 8), (64, 10), (100, 16), (200, 31), (416, 64)] as [(Int64, Int)])
    func expected(gibibytes: Int64, mebibytes: Int) {
        let plan = PartPlan(first: 8 << 20, expecting: max(1, gibibytes << 30))
        let sizes = (1...PartPlan.maximumParts).map { Int64(plan.bytes(ofPart: $0)) }
        let common = sizes.prefix(8000)
        #expect(common.allSatisfy { $0 == Int64(mebibytes) << 20 }, "\(sizes[0] >> 20)")
        #expect(common.reduce(0, +) >= (gibibytes << 30) / 5 * 6)
        #expect(sizes.reduce(0, +) >= PartPlan.largestObject)
        #expect(sizes == sizes.sorted() && sizes.allSatisfy { $0 <= 5 << 30 })
    }

    @Test(
        "However long a file is said to be, the first parts are bounded, and those that follow are enough for a fifth more",
        arguments: [500 << 30, 1 << 40, 5 << 40, .max] as [Int64])
    func bounded(bytes: Int64) {
        let plan = PartPlan(first: 8 << 20, expecting: bytes)
        let sizes = (1...PartPlan.maximumParts).map { Int64(plan.bytes(ofPart: $0)) }
        #expect(sizes.prefix(1000).allSatisfy { $0 == 64 << 20 })
        #expect(sizes.prefix(8000).reduce(0, +) >= min(bytes, PartPlan.largestObject) / 100 * 119)
        #expect(sizes.reduce(0, +) >= PartPlan.largestObject)
        #expect(sizes == sizes.sorted() && sizes.allSatisfy { $0 <= 5 << 30 })
    }

    @Test("What a store expects decides the size of the parts it sends")
    func hint() async throws {
        func parts(_ bytes: Int64?) async throws -> [Int] {
            let sizes = Mutex<[Int]>([])
            let look = ScriptedS3.Fault.always(
                .complete,
                .before { server in
                    let parts = server.uploads.values.flatMap(\.parts).sorted { $0.key < $1.key }
                    sizes.withLock { $0 = parts.map { $0.value.bytes.count >> 20 } }
                })
            try await withScriptedS3([look]) { _, url in
                let store: any BackupStore = try scriptedStore(url) { $0.partSize = 1 << 20 }
                try await store.put("a", expecting: bytes) { sink in
                    for _ in 0..<6 { try await sink.write([UInt8](repeating: 1, count: 1 << 20)) }
                }
            }
            return sizes.withLock { $0 }
        }
        #expect(try await parts(nil) == [1, 1, 1, 1, 1, 1])
        #expect(try await parts(12 << 30) == [2, 2, 2])
    }

    @Test("Whatever the pieces written, the parts have the planned sizes and hold every byte in order", arguments: 0..<30)
    func filling(seed: Int) async throws {
        let size = Int.random(in: 1...64)
        let queue = PartQueue(window: 1 << 20)
        let plan = PartPlan(first: size)
        let filler = PartFiller(plan: plan, queue: queue, key: "k")
        let collecting = Task {
            var items: [PartQueue.Item] = []
            while var item = try await queue.next() {
                items.append(item)
                queue.done(&item)
            }
            return items
        }
        var written: [UInt8] = []
        for _ in 0..<Int.random(in: 0...40) {
            let piece = (0..<Int.random(in: 0...100)).map { _ in UInt8.random(in: 0 ... .max) }
            try await filler.write(piece)
            written += piece
        }
        queue.finish()
        let items = try await collecting.value
        #expect(items.allSatisfy { $0.bytes.readableBytes == plan.bytes(ofPart: $0.number) })
        #expect(items.map(\.number) == Array(1..<(items.count + 1)))
        let last = filler.last
        #expect(last.number == items.count + 1)
        #expect(last.bytes.readableBytes > 0 || items.isEmpty)
        #expect((items.map(\.bytes) + [last.bytes]).flatMap { Array($0.readableBytesView) } == written)
        #expect(filler.total == Int64(written.count))
    }

    @Test("What is under way at once stays within the window; a part larger than it goes alone")
    func window() async throws {
        let queue = PartQueue(window: 100)
        let gauge = Gauge()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<5 {
                group.addTask {
                    while var item = try await queue.next() {
                        let count = item.bytes.readableBytes
                        gauge.add(count)
                        for _ in 0..<20 { await Task.yield() }
                        gauge.add(-count)
                        queue.done(&item)
                    }
                }
            }
            for number in 1...40 {
                try await queue.send(.init(number: number, bytes: ByteBuffer(repeating: 0, count: number == 20 ? 150 : 40)))
            }
            queue.finish()
            try await group.waitForAll()
        }
        #expect(gauge.most == 150)
    }

    @Test("Beside the parts under way one more is held, in buffers that are filled again and again", arguments: [(1, 2), (2, 3), (4, 5)])
    func held(atOnce: Int, most: Int) async throws {
        let size = 512 << 10
        let queue = PartQueue(window: atOnce * size)
        let filler = PartFiller(plan: PartPlan(first: size), queue: queue, key: "k")
        let sending = Task {
            var (underWay, buffers): ([PartQueue.Item], Set<UInt>) = ([], [])
            while try await take(from: queue, &underWay) {
                buffers.formUnion(underWay.map { $0.bytes.withVeryUnsafeBytes { UInt(bitPattern: $0.baseAddress) } })
                // As many as may be are under way now; whoever fills is given the time to have one more that waits.
                for _ in 0..<50 where underWay.count == atOnce { await Task.yield() }
                if underWay.count == atOnce {
                    queue.done(&underWay[0])
                    underWay.removeFirst()
                }
            }
            return buffers.count
        }
        for _ in 0..<40 { try await filler.write([UInt8](repeating: 1, count: size)) }
        queue.finish()
        #expect(try await sending.value <= most)
    }

    private func take(from queue: PartQueue, _ items: inout [PartQueue.Item]) async throws -> Bool {
        guard let item = try await queue.next() else { return false }
        items.append(item)
        return true
    }

    @Test("Buffers that parts have outgrown are let go")
    func outgrown() {
        let queue = PartQueue(window: 100)
        for count in [128, 64, 64] {
            var item = PartQueue.Item(number: 1, bytes: ByteBuffer(repeating: 0, count: count))
            queue.done(&item)
        }
        #expect(queue.emptyBuffer(for: 128).capacity == 128)
        #expect(queue.emptyBuffer(for: 64).capacity < 64)
    }

    @Test("A failure reaches who fills and who sends; cancellation too")
    func failure() async throws {
        let queue = PartQueue(window: 10)
        let waiting = Task { try await queue.next() }
        queue.fail(Interruption())
        await #expect(throws: Interruption.self) { _ = try await waiting.value }
        await #expect(throws: Interruption.self) { try await queue.send(.init(number: 1, bytes: ByteBuffer())) }
        let other = PartQueue(window: 10)
        let cancelled = Task { try await other.next() }
        cancelled.cancel()
        await #expect(throws: CancellationError.self) { _ = try await cancelled.value }
    }
}

/// How much is under way, and the most that ever was.
private final class Gauge: Sendable {
    private let state = Mutex((now: 0, most: 0))

    var most: Int { state.withLock { $0.most } }

    func add(_ count: Int) { state.withLock { $0 = ($0.now + count, max($0.most, $0.now + count)) } }
}

@Suite("Addresses of buckets")
struct S3AddressTests {
    @Test(
        "Virtual for AWS, in the path for other servers, as told otherwise",
        arguments: [
            ("backups", nil, .automatic, "https://backups.s3.eu-west-1.amazonaws.com", "/db/a%25b"),
            ("my.backups", nil, .automatic, "https://s3.eu-west-1.amazonaws.com", "/my.backups/db/a%25b"),
            ("backups", "http://127.0.0.1:9000/", .automatic, "http://127.0.0.1:9000", "/backups/db/a%25b"),
            ("backups", "https://minio.example.com:443", .virtual, "https://backups.minio.example.com", "/db/a%25b"),
            ("backups", "http://[::1]:9000", .automatic, "http://[::1]:9000", "/backups/db/a%25b"),
            ("backups", nil, .path, "https://s3.eu-west-1.amazonaws.com", "/backups/db/a%25b"),
        ] as [(String, String?, S3Options.Addressing, String, String)])
    func places(bucket: String, endpoint: String?, addressing: S3Options.Addressing, origin: String, path: String) throws {
        var options = S3Options(bucket: bucket, prefix: "db", region: "eu-west-1", endpoint: endpoint)
        options.addressing = addressing
        let address = try S3Address(options)
        #expect(address.origin == origin)
        #expect(address.path(to: "a%b") == path)
        #expect(address.origin.hasSuffix(address.host))
    }

    @Test("China is a partition of its own")
    func china() throws {
        let address = try S3Address(S3Options(bucket: "backups", region: "cn-north-1"))
        #expect(address.origin == "https://backups.s3.cn-north-1.amazonaws.com.cn")
    }

    @Test("Garbage is no document, whatever it is", arguments: 0..<20)
    func garbage(seed: Int) {
        for _ in 0..<50 {
            let bytes = (0..<Int.random(in: 0...60)).map { _ in UInt8.random(in: 0 ... .max) }
            #expect(throws: S3XML.Unexpected.self) { _ = try S3XML.decode(S3Listing.self, root: S3Listing.root, from: bytes) }
            let cut = Array("<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>".utf8.prefix(Int.random(in: 0...60)))
            #expect(throws: S3XML.Unexpected.self) { _ = try S3XML.decode(S3Listing.self, root: S3Listing.root, from: cut) }
        }
    }
}
