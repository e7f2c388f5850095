import BackupModel
import BackupTestKit
import NIOHTTP1
import Synchronization
import Testing

@testable import ObjectStores

/// What a bucket has of an earlier file is copied there; whatever the server does with that, the object holds what was written.
@Suite("Parts that the server copies")
struct PartCopyTests {
    private static let first = "call_center-20260213T020000Z.sql.gz"
    private static let size = S3Errand.partSize
    private static let bytes = (0..<6 * size).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 / 251) }
    private static let head = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 11) }
    private static let tail = [UInt8](repeating: 5, count: 100)

    /// How many parts the server was asked to copy, with the first one that is tried aside, and how many it was sent.
    struct Requests: Equatable {
        var copied: Int
        var sent: Int
    }

    /// A part that is new, five that may stand in the first file, and a bit.
    private func putSecond(on store: S3Store, key: String = Self.first, at offset: Int = 0) async throws {
        try await store.put(S3Errand.large) { file in
            try await file.write(Self.head)
            for start in stride(from: 0, to: 5 * Self.size, by: 10_000) {
                let piece = Array(Self.bytes[start..<min(start + 10_000, 5 * Self.size)])
                try await file.write(piece, like: Precedent(key: key, offset: Int64(start + offset)))
            }
            try await file.write(Self.tail)
        }
    }

    private func check(
        _ faults: [ScriptedS3.Fault] = [], change: (inout S3Options) -> Void = { _ in }, _ put: (S3Store) async throws -> Void
    ) async throws -> Requests {
        try await withScriptedS3(faults) { server, url in
            server.store(S3Errand.prefix + Self.first, .init(bytes: Self.bytes))
            let store = try scriptedStore(url) { options in
                options.partsAtOnce = 1
                change(&options)
            }
            try await put(store)
            #expect(server.objects[S3Errand.prefix + S3Errand.large]?.bytes == Self.head + Self.bytes[..<(5 * Self.size)] + Self.tail)
            #expect(server.uploads.isEmpty)
            return Requests(copied: server.seen.count { $0 == .copy }, sent: server.seen.count { $0 == .part })
        }
    }

    @Test("What the bucket has is not sent again")
    func copied() async throws {
        let oneByOne = try await check { try await putSecond(on: $0) }
        #expect(oneByOne == Requests(copied: 6, sent: 2))
        let atOnce = try await check(change: { $0.partsAtOnce = 4 }) { try await putSecond(on: $0) }
        #expect(atOnce == Requests(copied: 6, sent: 2))
    }

    @Test("A server that refuses is asked once for each file", arguments: Refusal.allCases)
    func refused(refusal: Refusal) async throws {
        let requests = try await check([.always(.copy, refusal.act)]) { try await putSecond(on: $0) }
        #expect(requests == Requests(copied: 1, sent: 7))
    }

    @Test("What is not there, or reaches beyond the end, is sent")
    func missing() async throws {
        let missing = try await check { try await putSecond(on: $0, key: "none-20260213T020000Z.sql.gz") }
        let beyond = try await check { try await putSecond(on: $0, at: 5 * Self.size) }
        #expect(missing == Requests(copied: 1, sent: 7) && beyond == Requests(copied: 6, sent: 7))
        let elsewhere = try await check { try await putSecond(on: $0, key: "../none") }
        let before = try await check { try await putSecond(on: $0, at: -7 * Self.size) }
        #expect(elsewhere == Requests(copied: 0, sent: 7) && before == elsewhere)
    }

    @Test("What turns out to be other bytes is sent")
    func different() async throws {
        let shifted = try await check { try await putSecond(on: $0, at: 1) }
        #expect(shifted == Requests(copied: 6, sent: 7))
        let lie = S3FaultCase.changingText { $0.replacing("<ChecksumSHA256>", with: "<ChecksumSHA256>A") }
        let lied = try await check([.always(.copy, lie)]) { try await putSecond(on: $0) }
        #expect(lied == Requests(copied: 6, sent: 7))
    }

    @Test("A copy that fails for once is sent, and the next one is copied", arguments: [S3FaultCase.slow, S3FaultCase.broken])
    func failing(reply: ScriptedReply) async throws {
        let requests = try await check([ScriptedS3.Fault(.copy, skipping: 1, .instead(reply))]) { try await putSecond(on: $0) }
        #expect(requests == Requests(copied: 6, sent: 3))
    }

    @Test("What lies behind the end of the earlier file costs only itself", arguments: [(416, "InvalidRange"), (400, "InvalidArgument")])
    func beyondTheEnd(status: Int, code: String) async throws {
        let fault = ScriptedS3.Fault(.copy, skipping: 1, .instead(.error(status, code)))
        let requests = try await check([fault]) { try await putSecond(on: $0) }
        #expect(requests == Requests(copied: 6, sent: 3))
    }

    @Test(
        "After a copy without an answer nothing more is copied, and its part is sent",
        arguments: [.reset, .close, .silence, .error(502, ""), .error(504, "")] as [ScriptedReply])
    func unanswered(reply: ScriptedReply) async throws {
        let patience: (inout S3Options) -> Void = { $0.http.stallLimit = .milliseconds(4500) }
        let oneByOne = try await check([ScriptedS3.Fault(.copy, skipping: 2, .instead(reply))], change: patience) {
            try await putSecond(on: $0)
        }
        #expect(oneByOne == Requests(copied: 3, sent: 6))
    }

    @Test("A server that hangs on every copy is waited for once, however many are asked for at the same time")
    func hanging() async throws {
        let requests = try await check(
            [.always(.copy, .instead(.silence))],
            change: { options in
                options.http.stallLimit = .milliseconds(4500)
                options.partsAtOnce = 4
            }, { try await putSecond(on: $0) })
        #expect(requests == Requests(copied: 1, sent: 7))
    }

    @Test("A copy that comes after all, in the place of what was sent meanwhile, is replaced again")
    func late() async throws {
        let late = ScriptedS3.Fault(
            .parts,
            .before { server in
                for (id, var upload) in server.uploads {
                    upload.parts[3] = ([UInt8](repeating: 9, count: Self.size), "2026-02-14T02:00:01.000Z")
                    server.begin(id, upload)
                }
            })
        let broken = ScriptedS3.Fault(.copy, skipping: 2, .instead(.reset))
        let replaced = try await check([broken, late]) { try await putSecond(on: $0) }
        #expect(replaced == Requests(copied: 3, sent: 7))
        let unlisted = try await check([broken, .always(.parts, .instead(S3FaultCase.denied))]) { try await putSecond(on: $0) }
        #expect(unlisted == Requests(copied: 3, sent: 6))
    }

    @Test("A class in which reading costs money has everything sent", arguments: ["STANDARD_IA", "GLACIER_IR", "DEEP_ARCHIVE"])
    func classes(name: String) async throws {
        let requests = try await check(change: { $0.storageClass = name }) { try await putSecond(on: $0) }
        #expect(requests == Requests(copied: 0, sent: 7))
    }

    enum Refusal: String, CaseIterable, Sendable {
        case denied, unknown, portal, empty, lateError, noChecksum

        var act: ScriptedS3.Fault.Act {
            switch self {
            case .denied: .instead(S3FaultCase.denied)
            case .unknown: .instead(.error(501, "NotImplemented"))
            case .portal: .instead(.answer(200, S3FaultCase.portal))
            case .empty: .after(.answer(200))
            case .lateError: .instead(.error(200, "InternalError"))
            case .noChecksum: S3FaultCase.changingText { $0.replacing("ChecksumSHA256>", with: "ChecksumCRC32>") }
            }
        }
    }

    @Test("A real server copies, and what it has then is what was written")
    func real() async throws {
        try await withS3 { server, prefix in
            var options = S3Options(bucket: server.bucket, prefix: prefix, region: server.region, endpoint: server.url)
            options.partSize = 5 << 20
            let copies = CopyCount(transport: try NetworkTransport(options.http))
            let store = try S3Store(options, credentials: server.credentials, transport: copies, context: .live())
            try await StoreContract.precedentsAreHints.check(on: store)
            #expect(copies.made >= 2)
        }
    }
}

extension S3FaultCase {
    fileprivate static func changingText(_ change: @escaping @Sendable (String) -> String) -> ScriptedS3.Fault.Act {
        .changing { reply in
            guard case .answer(let status, let headers, let body) = reply else { return }
            reply = .answer(status, headers: headers, body: Array(change(String(decoding: body, as: UTF8.self)).utf8))
        }
    }
}

/// Counts what was copied with success.
private final class CopyCount: HTTPTransport {
    private let transport: NetworkTransport
    private let count = Mutex(0)

    init(transport: NetworkTransport) { self.transport = transport }

    var made: Int { count.withLock { $0 } }

    func send(_ call: HTTPCall) async throws -> HTTPAnswer {
        let answer = try await transport.send(call)
        if call.headers.contains(name: "x-amz-copy-source"), answer.isSuccess { count.withLock { $0 += 1 } }
        return answer
    }
}
