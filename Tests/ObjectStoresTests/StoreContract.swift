import BackupModel
import Testing

/// What every store promises; each case is one promise, checked on an empty store.
enum StoreContract: String, CaseIterable, CustomTestStringConvertible {
    case whatIsPutReadsBack = "what is put reads back, whole and in ranges"
    case putRefusesWhatIsThere = "a second put under a key is refused and changes nothing"
    case nothingShowsBeforeItIsWhole = "nothing shows before it is whole"
    case failedPutLeavesNothing = "a failed put leaves nothing and passes the error on"
    case oneOfTwoWritersWins = "of two writers of one key the first to finish wins"
    case cancelledPutLeavesNothing = "a cancelled put leaves nothing"
    case listingIsSorted = "a listing is sorted and gives sizes"
    case missingIsSaid = "what is not there is said to be missing"
    case deleteIsIdempotent = "deleting twice is no error"
    case cancelledRunsCanCleanUp = "a cancelled task can still delete"
    case rangesOutsideAreRefused = "ranges outside the file are refused"
    case badKeysAreRefused = "keys that could leave the folder are refused"
    case updatesAreNotLost = "of updates made at the same time none is lost"
    case failedUpdateKeepsTheOld = "a failed update keeps what was there"
    case emptyIsAFile = "an empty file is a file"
    case precedentsAreHints = "what may stand in an earlier file already is stored as it was written, whether it does or not"

    var testDescription: String { rawValue }

    func check(on store: some BackupStore) async throws {
        switch self {
        case .whatIsPutReadsBack: try await readsBack(store)
        case .putRefusesWhatIsThere: try await refusesToReplace(store)
        case .nothingShowsBeforeItIsWhole: try await invisible(store)
        case .failedPutLeavesNothing: try await failsCleanly(store)
        case .oneOfTwoWritersWins: try await letsOneWriterWin(store)
        case .cancelledPutLeavesNothing: try await cancelsCleanly(store)
        case .listingIsSorted: try await lists(store)
        case .missingIsSaid: try await misses(store)
        case .deleteIsIdempotent: try await deletes(store)
        case .cancelledRunsCanCleanUp: try await deletesWhenCancelled(store)
        case .rangesOutsideAreRefused: try await refusesRanges(store)
        case .badKeysAreRefused: try await refusesKeys(store)
        case .updatesAreNotLost: try await updates(store)
        case .failedUpdateKeepsTheOld: try await failsUpdating(store)
        case .emptyIsAFile: try await storesNothing(store)
        case .precedentsAreHints: try await sharesOnlyWhatIsTheSame(store)
        }
    }
}

extension StoreContract {
    private func readsBack(_ store: some BackupStore) async throws {
        let answer = try await store.put("a.bin") { sink in
            try await sink.write(Array(0..<200))
            try await sink.write(Array(200...255))
            return 42
        }
        #expect(answer == 42)
        let object = try await store.open("a.bin")
        #expect(object.byteCount == 256)
        #expect(try await object.read(at: 0, count: 256) == Array(0...255))
        #expect(try await object.read(at: 199, count: 2) == [199, 200])
        #expect(try await object.read(at: 256, count: 0) == [])
    }

    private func refusesToReplace(_ store: some BackupStore) async throws {
        try await store.put("a", bytes: Array("first".utf8))
        let error = await #expect(throws: BackupError.self) { try await store.put("a", bytes: Array("2nd".utf8)) }
        #expect(error?.code == .targetExists)
        #expect(try await store.read("a") == Array("first".utf8))
        #expect(try await store.list().map(\.key) == ["a"])
    }

    private func invisible(_ store: some BackupStore) async throws {
        try await store.put("other", bytes: [1])
        try await store.put("a") { sink in
            try await sink.write([1, 2, 3])
            #expect(try await store.list().map(\.key) == ["other"])
            await #expect(throws: BackupError.self) { _ = try await store.open("a") }
        }
        #expect(try await store.list().map(\.key) == ["a", "other"])
    }

    private func failsCleanly(_ store: some BackupStore) async throws {
        try await store.put("other", bytes: [1])
        await #expect(throws: Interruption.self) {
            try await store.put("a") { sink in
                try await sink.write([1, 2, 3])
                throw Interruption()
            }
        }
        #expect(try await store.list().map(\.key) == ["other"])
    }

    private func letsOneWriterWin(_ store: some BackupStore) async throws {
        let error = await #expect(throws: BackupError.self) {
            try await store.put("a") { sink in
                try await sink.write([2])
                try await store.put("a", bytes: [1])
            }
        }
        #expect(error?.code == .targetExists)
        #expect(try await store.read("a") == [1])
        #expect(try await store.list().map(\.key) == ["a"])
    }

    private func cancelsCleanly(_ store: some BackupStore) async throws {
        try await store.put("other", bytes: [1])
        let (begun, signal) = AsyncStream.makeStream(of: Void.self)
        let writing = Task {
            try await store.put("a") { sink in
                try await sink.write([1, 2, 3])
                signal.finish()
                for await _ in AsyncStream<Void>(unfolding: { await Task.yield() }) where Task.isCancelled { return }
            }
        }
        for await _ in begun {}
        writing.cancel()
        await #expect(throws: CancellationError.self) { try await writing.value }
        #expect(try await store.list().map(\.key) == ["other"])
    }

    private func lists(_ store: some BackupStore) async throws {
        for key in ["b", "a", "c-1.sql.gz"] { try await store.put(key, bytes: Array(key.utf8)) }
        let objects = try await store.list()
        #expect(objects.map(\.key) == ["a", "b", "c-1.sql.gz"])
        #expect(objects.map(\.bytes) == [1, 1, 10])
        #expect(objects.allSatisfy { $0.modifiedAt > Instant(secondsSinceEpoch: 1_700_000_000) })
    }

    private func misses(_ store: some BackupStore) async throws {
        try await store.put("other", bytes: [1])
        let error = try await #require(throws: BackupError.self) { _ = try await store.open("a.sql.gz") }
        #expect(error.code == .artifactMissing)
        #expect(error.message.contains("a.sql.gz"))
        #expect(error.hint != nil)
    }

    private func deletes(_ store: some BackupStore) async throws {
        try await store.put("a", bytes: [1])
        try await store.delete("a")
        try await store.delete("a")
        #expect(try await store.list().isEmpty)
    }

    private func deletesWhenCancelled(_ store: some BackupStore) async throws {
        try await store.put("a", bytes: [1])
        let cleaning = Task {
            for await _ in AsyncStream<Void>(unfolding: { await Task.yield() }) where Task.isCancelled { break }
            try await store.delete("a")
        }
        cleaning.cancel()
        try await cleaning.value
        #expect(try await store.list().isEmpty)
    }

    private func refusesRanges(_ store: some BackupStore) async throws {
        try await store.put("a", bytes: [1, 2, 3])
        let object = try await store.open("a")
        for (offset, count) in [(0, 4), (3, 1), (4, 0), (-1, 1), (0, -1)] as [(Int64, Int)] {
            await #expect(throws: BackupError.self) { _ = try await object.read(at: offset, count: count) }
        }
    }

    private func refusesKeys(_ store: some BackupStore) async throws {
        for key in ["", ".", "..", ".hidden", "../a", "a/b", "/a", "a\0b"] {
            await #expect(throws: BackupError.self) { try await store.put(key, bytes: [1]) }
            await #expect(throws: BackupError.self) { _ = try await store.open(key) }
            await #expect(throws: BackupError.self) { try await store.delete(key) }
        }
    }

    private func updates(_ store: some BackupStore) async throws {
        try await store.put("a", bytes: [])
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in UInt8(0)..<64 { group.addTask { try await store.update("a") { $0 + [number] } } }
            try await group.waitForAll()
        }
        #expect(try await store.read("a").sorted() == Array(0..<64))
        #expect(try await store.list().map(\.key) == ["a"])
    }

    private func failsUpdating(_ store: some BackupStore) async throws {
        try await store.put("a", bytes: [1])
        await #expect(throws: Interruption.self) { try await store.update("a") { _ in throw Interruption() } }
        #expect(try await store.read("a") == [1])
        let error = try await #require(throws: BackupError.self) { try await store.update("b") { $0 } }
        #expect(error.code == .artifactMissing)
    }

    private func storesNothing(_ store: some BackupStore) async throws {
        try await store.put("a") { _ in }
        #expect(try await store.read("a") == [])
        #expect(try await store.list().map(\.bytes) == [0])
    }
}

/// Whatever may go wrong in a body.
struct Interruption: Error {}
