/// A place that keeps whole files under flat keys: a folder, or a bucket under a prefix. Five verbs; everything else is built from them.
///
/// Who retries what: a store never asks the body of `put` for its bytes a second time, because it is a stream that cannot be read twice; a store
/// reached over a network sends again the piece it still holds. It retries `open`, `read`, `list` and `delete` where its protocol says that is
/// safe, and throws when it gave up. So callers retry nothing. Errors are `BackupError` with a code of the `store…` family, `.outOfSpace`,
/// `.stalled` or `.artifactMissing`; what the body throws passes through unchanged.
package protocol BackupStore: Sendable {
    /// For messages and manifests: a path, or a URL without credentials.
    var name: String { get }

    /// Stores what `body` writes under `key`. Nothing is visible under the key until all of it is there for good; when the body throws or the
    /// task is cancelled nothing stays behind. Nothing is ever overwritten: throws `.targetExists` when the key is taken, before the body is
    /// called where that is known by then.
    func put<Result: Sendable>(_ key: String, _ body: (any ByteSink) async throws -> Result) async throws -> Result

    /// The same of a file that will be about so long, as far as anybody can tell: a store that has to cut it may choose its pieces by that. It may turn
    /// out longer or shorter all the same.
    func put<Result: Sendable>(
        _ key: String, expecting bytes: Int64?, _ body: (any ByteSink) async throws -> Result
    ) async throws -> Result

    /// Replaces the small document under `key` by what `change` makes of it. Of changes made at the same time, by any process, none is lost:
    /// each sees what the one before it wrote. Throws `.artifactMissing` when there is nothing to change.
    func update(_ key: String, _ change: @escaping @Sendable ([UInt8]) throws -> [UInt8]) async throws

    /// Opens what is stored under `key` for reading at any place; throws `.artifactMissing` when nothing is.
    func open(_ key: String) async throws -> any RandomAccessBytes

    /// Everything stored whole, sorted by key; aliases and unfinished files are left out.
    func list() async throws -> [StoredObject]

    /// Removes what is stored under `key`; no error when nothing is. Works in a cancelled task too, for that is when runs clean up. Throws
    /// `.objectLocked` when the store keeps it until a date or a hold is lifted.
    func delete(_ key: String) async throws
}

/// A store that can also give a key a second name.
package protocol AliasingStore: BackupStore {
    /// Makes `alias` a name of `key`, replacing what the alias named before in one step.
    /// - Returns: false where files cannot have second names after all; nothing is changed then.
    @discardableResult
    func alias(_ alias: String, to key: String) async throws -> Bool

    /// Takes the alias away, and never a file of that name; no error when there is none.
    func removeAlias(_ alias: String) async throws

    /// The key that `alias` names, whether or not it exists; nil when there is no such alias.
    func target(ofAlias alias: String) async throws -> String?
}

/// A store in which a copy of a file need not take its room a second time.
package protocol SharingStore: BackupStore {
    /// Stores the contents of `file`, which another store of the kind has opened, under `key` by letting both share them: nothing is written, and no room
    /// is taken. What is to be stored is shown to `approve` first, and not stored when that throws; everything that `put` promises holds.
    /// - Returns: false where the two cannot share; nothing is changed then, and `put` can do it.
    func share(
        _ file: any RandomAccessBytes, as key: String, _ approve: (any RandomAccessBytes) async throws -> Void
    ) async throws -> Bool
}

/// A store in which files may have blocks in common, and that can say which.
package protocol MappedStore: BackupStore {
    /// Where the file under `key` shares its bytes with others, in the order of the file; empty too where that cannot be known.
    /// - Throws: `.artifactMissing` when nothing is stored under `key`, and what reading throws.
    func sharedStretches(of key: String) async throws -> [SharedStretch]
}

/// A store that can keep what is in it from being deleted: until a date, or until somebody lets it go.
package protocol LockingStore: BackupStore {
    /// Why `delete` would be refused, to stand behind “it is”; nil where it would not, where nothing is, and where these credentials may not look.
    func lockReason(of key: String) async throws -> String?
}

/// A store where a killed run can leave something unfinished behind.
package protocol SelfCleaningStore: BackupStore {
    /// Removes what dead runs left unfinished, never what a living one is writing, and returns what it removed.
    /// - Parameter isDead: whether the run that wrote under a key is known to be dead; what no one vouches for is left until it is old.
    func removeLeftovers(ofDead isDead: @escaping @Sendable (_ key: String) -> Bool) async throws -> [StoredObject]
}

/// A store that tries again by itself, and can say meanwhile what keeps it.
package protocol RetryingStore: BackupStore {
    /// What the last attempt came to, of whatever operation; nil where that was answered, or none has ended yet.
    var trouble: BackupError? { get }
}

/// What a listing says of one stored file.
package struct StoredObject: Sendable, Equatable {
    package var key: String
    package var bytes: Int64
    package var modifiedAt: Instant
    /// Changes whenever the content does, where the store has such a thing: an entity tag, a generation.
    package var tag: String?

    package init(key: String, bytes: Int64, modifiedAt: Instant, tag: String? = nil) {
        self.key = key
        self.bytes = bytes
        self.modifiedAt = modifiedAt
        self.tag = tag
    }
}
