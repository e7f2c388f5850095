import BackupModel
import BackupTestKit
import DumpFormat
import Synchronization
import SystemPackage
import Testing

@testable import Postgres

@Suite("Where the segments of a dump may stand already")
struct SegmentPrecedentsTests {
    @Test("What has not changed is found at the place that is told, with what lies between; scripts and index are looked for nowhere")
    func unchanged() async throws {
        try await withDumped { request, first, index in
            let second = ToldDump()
            _ = try await PostgresDump(request, progress: { _ in }).write(to: second)
            let rows = index.tables.flatMap(\.segments).reduce(Int64(0)) { $0 + $1.compressedBytes }
            let told = second.pieces.filter { $0.precedent != nil }
            #expect(told.allSatisfy { $0.stands(in: first, under: "first") })
            #expect(Int64(told.reduce(0) { $0 + $1.bytes.count }) > rows)
            #expect(second.pieces.first?.precedent == nil && second.pieces.last?.precedent == nil)
        }
    }

    @Test("A change costs its own segment; behind it everything stands elsewhere, and is found there")
    func changed() async throws {
        try await withDumped(after: "UPDATE c SET note = repeat(md5(note), 200) WHERE id = 1") { request, first, index in
            let second = ToldDump()
            let again = try await PostgresDump(request, progress: { _ in }).write(to: second).index
            let kept = Set(index.tables.flatMap(\.segments).map(\.checksum))
            let same = again.tables.flatMap(\.segments).filter { kept.contains($0.checksum) }.reduce(Int64(0)) { $0 + $1.compressedBytes }
            let found = second.pieces.filter { $0.stands(in: first, under: "first") }.reduce(0) { $0 + $1.bytes.count }
            #expect(same > 0 && Int64(found) >= same)
        }
    }

    @Test("Nothing is told where no earlier file is known")
    func unknown() async throws {
        try await withDumped { request, _, _ in
            var request = request
            request.precedent = nil
            let second = ToldDump()
            _ = try await PostgresDump(request, progress: { _ in }).write(to: second)
            #expect(second.pieces.allSatisfy { $0.precedent == nil })
        }
    }

    /// Runs `body` with a database that was dumped into a file called `first` and went through `change` since.
    private func withDumped(
        after change: String? = nil, _ body: (_ request: DumpRequest, _ first: [UInt8], _ index: DumpIndex) async throws -> Void
    ) async throws {
        try requireServer(15)
        try await withDatabase { server, database in
            try await server.psql(History.shape, database: database)
            var request = try Day.request(database, server)
            request.programFolder = server.installation.client.programs.string
            let first = DumpInMemory()
            let index = try await PostgresDump(request, progress: { _ in }).write(to: first).index
            if let change { try await server.psql(change, database: database) }
            request.previous = index
            request.precedent = "first"
            try await body(request, first.bytes, index)
        }
    }
}

/// What a sink is given, and where it may stand already.
private final class ToldDump: ByteSink {
    struct Piece: Sendable {
        let bytes: [UInt8]
        let precedent: Precedent?
    }

    private let taken = Mutex<[Piece]>([])

    var pieces: [Piece] { taken.withLock { $0 } }

    func write(_ bytes: [UInt8]) async throws { try await write(bytes, like: nil) }

    func write(_ bytes: [UInt8], like precedent: Precedent?) async throws {
        taken.withLock { $0.append(Piece(bytes: bytes, precedent: precedent)) }
    }
}

extension ToldDump.Piece {
    func stands(in file: [UInt8], under key: String) -> Bool {
        guard let precedent, precedent.key == key, precedent.offset >= 0 else { return false }
        let place = Int(precedent.offset)
        return place + bytes.count <= file.count && file[place..<place + bytes.count].elementsEqual(bytes)
    }
}
