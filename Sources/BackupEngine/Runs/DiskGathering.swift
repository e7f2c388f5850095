import BackupModel
import BackupReports
import ObjectStores

/// How full the file systems are that folders of ours lie on.
actor DiskGathering {
    private let limit: Int
    private let clock: any Clock<Duration>
    private let patience: Duration
    private let questions: [(path: String, question: UnhurriedQuestion<LocalStore.Space>)]
    /// As they were measured last.
    private var known: [String: LocalStore.Space] = [:]

    /// - Parameter patience: how long each folder may take to answer, one after the other.
    init(_ configuration: BackupConfiguration, clock: any Clock<Duration>, patience: Duration = .seconds(5)) {
        self.patience = patience
        limit = configuration.diskMaxPercent
        self.clock = clock
        questions = ([configuration.backupFolder].compactMap { $0 } + [configuration.stateFolder]).map { path in
            (path, UnhurriedQuestion { try await LocalStore(root: path).space() })
        }
    }

    /// One entry for each file system. A folder that is not there is on none; of one that does not answer, what was measured last is told.
    func look() async -> [DiskFacts] {
        for (path, question) in questions {
            do { known[path] = try await question.answer(within: patience, clock: clock) ?? known[path] } catch { known[path] = nil }
        }
        var seen: Set<[Int64]> = []
        return questions.compactMap { path, _ in
            guard let space = known[path], seen.insert(space.identity).inserted else { return nil }
            return DiskFacts(path: path, space, limit)
        }
    }
}

extension LocalStore.Space {
    /// What tells one file system from another; some have no number.
    fileprivate var identity: [Int64] { [Int64(bitPattern: fileSystem), totalBytes, totalInodes] }
}

extension DiskFacts {
    fileprivate init(path: String, _ space: LocalStore.Space, _ limit: Int) {
        // What is reserved for root counts for nobody, as in `df`.
        self.init(
            path: path, bytes: space.usedBytes + space.freeBytes, freeBytes: space.freeBytes, inodes: space.totalInodes,
            freeInodes: space.freeInodes, limitPercent: limit)
    }
}
