import BackupModel
import BackupTestKit
import SystemPackage
import Testing

@testable import ObjectStores

/// What a folder is asked to do while something is wrong with it.
enum LocalErrand: String, Sendable {
    case putSmall, putLarge, open, read, list, delete, update, alias, leftovers, space

    static let key = "call_center-20260214T020000Z.sql.gz"
    static let latest = "latest.sql.gz"
    static let bytes = Array("rows of a database".utf8)
    /// More than the smallest of file systems here holds.
    static let largeBytes = [UInt8](repeating: 7, count: 2 << 20)
    static let addition = [UInt8](repeating: 8, count: 64 << 10)

    /// Whether the file is there before.
    var isOfAFile: Bool { self != .putSmall && self != .putLarge }

    /// - Parameter meanwhile: what happens when a part is written, or the file is open and nothing of it read.
    func run(on store: LocalStore, _ key: String, _ meanwhile: () async throws -> Void) async throws {
        switch self {
        case .putSmall: try await put(Self.bytes, on: store, key, meanwhile)
        case .putLarge: try await put(Self.largeBytes, on: store, key, meanwhile)
        case .open: _ = try await store.open(key)
        case .read:
            let file = try await store.open(key)
            try await meanwhile()
            #expect(try await file.read(at: 0, count: Int(file.byteCount)) == Self.bytes)
        case .list: #expect(try await store.list().map(\.key) == [key])
        case .delete: try await store.delete(key)
        case .update: try await store.update(key) { $0 + Self.addition }
        case .alias: try await store.alias(Self.latest, to: key)
        case .leftovers: #expect(try await store.removeLeftovers { _ in true }.isEmpty)
        case .space: _ = try await store.space()
        }
    }

    private func put(_ bytes: [UInt8], on store: LocalStore, _ key: String, _ meanwhile: () async throws -> Void) async throws {
        let half = bytes.count / 2
        try await store.put(key) { sink in
            try await sink.write(Array(bytes[..<half]))
            try await meanwhile()
            try await sink.write(Array(bytes[half...]))
        }
    }

    /// What has to be there after success.
    func checkDone(_ store: LocalStore, _ key: String) async throws {
        switch self {
        case .putSmall: #expect(try await store.read(key) == Self.bytes)
        case .putLarge: #expect(try await store.read(key) == Self.largeBytes)
        case .update: #expect(try await store.read(key) == Self.bytes + Self.addition)
        case .alias: #expect(try await store.target(ofAlias: Self.latest) == key)
        case .delete:
            let error = try await #require(throws: BackupError.self) { _ = try await store.open(key) }
            #expect(error.code == .artifactMissing)
        case .open, .read, .list, .leftovers, .space: break
        }
    }
}
