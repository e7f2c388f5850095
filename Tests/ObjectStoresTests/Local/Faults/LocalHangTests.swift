import BackupModel
import BackupTestKit
import SystemPackage
import Testing

@testable import ObjectStores

@Suite("A folder whose server stands still")
struct LocalHangTests {
    private static let bytes = [UInt8](repeating: 7, count: 1 << 20)

    @Test("Storing and reading there wait and are done when it answers again; another folder's are not held up")
    func waits() async throws {
        try await HangingFilesystem.with { disk in
            try await withTemporaryFolder { other in
                let (hanging, living) = (LocalStore(root: disk.folder.string), LocalStore(root: other.string))
                try await hanging.put("old", bytes: Self.bytes)
                let (hung, signal) = AsyncStream.makeStream(of: Void.self)
                let writing = Task {
                    try await hanging.put("new") { sink in
                        try await sink.write(Self.bytes)
                        try disk.hang()
                        signal.finish()
                        try await sink.write(Self.bytes)
                    }
                }
                for await _ in hung {}
                let reading = Task { try await hanging.read("old") }
                try await living.put("a", bytes: [1])
                #expect(try await living.list().map(\.key) == ["a"])
                try disk.answer()
                try await writing.value
                #expect(try await reading.value == Self.bytes)
                #expect(try await hanging.read("new") == Self.bytes + Self.bytes)
            }
        }
    }

    @Test(
        "When it is gone for good, whoever is at work there gets an error, and nothing is taken for stored",
        arguments: [LocalErrand.putLarge, .read, .list])
    func gone(errand: LocalErrand) async throws {
        try await HangingFilesystem.with { disk in
            let store = LocalStore(root: disk.folder.string)
            if errand.isOfAFile { try await store.put(LocalErrand.key, bytes: LocalErrand.bytes) }
            if errand == .list { try disk.die() }
            let error = try await #require(throws: BackupError.self) {
                try await errand.run(on: store, LocalErrand.key) { try disk.die() }
            }
            #expect(error.code == .storeFailed, "\(error)")
            let beneath = disk.folder.removingLastComponent().appending("content")
            let whole = try await LocalStore(root: beneath.string).list().map(\.key)
            #expect(whole == (errand.isOfAFile ? [LocalErrand.key] : []))
            // What could not be taken back is known for what it is.
            let left = try await LocalStore(root: beneath.string).removeLeftovers { _ in true }
            #expect(left.count == (errand == .putLarge ? 1 : 0))
        }
    }
}
