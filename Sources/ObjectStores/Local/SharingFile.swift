import BackupModel
import Synchronization

/// A file being written that has the blocks of an earlier file of its folder, where both hold the same bytes at places that are as far from a block's
/// beginning, and the file system lets files share blocks (FICLONERANGE: XFS, btrfs, NFS 4.2). What it holds in the end is what was written to it,
/// whether or not anything could be shared.
///
/// The bytes in hand decide: the earlier file is read at the place that is named, and only blocks that are the same are shared. So an earlier file that
/// was damaged, replaced or cut off costs what it would have lent. It is read from the disk, for the disk is what is shared: memory may have the sound
/// bytes of a block that has rotted since.
final class SharingFile: ByteSink {
    fileprivate struct State {
        /// How much of the file is there: what is pending comes behind it.
        var place: Int64 = 0
        /// Bytes that may stand in an earlier file, from the beginning of a block on; no whole piece yet.
        var pending: [UInt8] = []
        /// Where the first of them would stand there; nil: nothing is pending.
        var precedent: Precedent?
        /// The earlier file that was asked for last; nil where it cannot be opened.
        var earlier: (key: String, file: LocalFile?)?
        /// False once the file system has refused.
        var isPossible = true
        var expectation = Expectation(patience: 64)
    }

    private let file: PartialFile
    private let store: LocalStore
    private let state = Mutex(State())

    /// What is compared at once.
    private static let pieceBytes = 1 << 20

    init(_ file: PartialFile, in store: LocalStore) {
        self.file = file
        self.store = store
    }

    func write(_ bytes: [UInt8]) async throws { try await write(bytes, like: nil) }

    func write(_ bytes: [UInt8], like precedent: Precedent?) async throws {
        try await store.blocking { [self] in try state.withLock { try take(&$0, bytes, precedent) } }
    }

    /// Everything was written: what is still pending goes into the file, too.
    func finish() async throws {
        try await store.blocking { [self] in try state.withLock { try end(&$0) } }
    }

    private func take(_ state: inout State, _ bytes: [UInt8], _ precedent: Precedent?) throws {
        if !state.follows(precedent) { try end(&state) }
        guard let precedent, state.maySharePlace(of: precedent) else { return try pass(&state, bytes) }
        guard state.precedent == nil else { return try append(&state, bytes) }
        // Up to where a block begins.
        let head = min(state.bytesToNextBlock, bytes.count)
        if head > 0 { try pass(&state, Array(bytes[..<head])) }
        guard head < bytes.count else { return }
        state.precedent = precedent.advanced(by: head)
        try append(&state, head == 0 ? bytes : Array(bytes[head...]))
    }

    private func append(_ state: inout State, _ bytes: [UInt8]) throws {
        state.pending += bytes
        if state.pending.count >= Self.pieceBytes { try settle(&state) }
    }

    private func pass(_ state: inout State, _ bytes: [UInt8]) throws {
        try file.writeNow(bytes)
        state.place += Int64(bytes.count)
    }

    /// What does not fill a block is written.
    private func end(_ state: inout State) throws {
        try settle(&state)
        let rest = state.pending
        state.pending = []
        state.precedent = nil
        if !rest.isEmpty { try pass(&state, rest) }
    }

    /// Shares whole blocks that are pending, and writes those that stand nowhere.
    private func settle(_ state: inout State) throws {
        let count = state.pending.count / EqualBlocks.blockBytes * EqualBlocks.blockBytes
        guard count > 0, let precedent = state.precedent else { return }
        let bytes = Array(state.pending[..<count])
        let (earlier, stretches) = compare(&state, bytes, precedent)
        for stretch in stretches {
            let range = stretch.range
            if stretch.isEqual, state.isPossible, let earlier {
                state.isPossible = file.shareNow(earlier, at: precedent.offset + Int64(range.lowerBound), count: range.count)
                if state.isPossible { continue }
            }
            try file.writeNow(Array(bytes[range]))
        }
        state.place += Int64(count)
        state.pending.removeFirst(count)
        state.precedent = precedent.advanced(by: count)
    }

    private func compare(_ state: inout State, _ bytes: [UInt8], _ precedent: Precedent) -> (LocalFile?, [EqualBlocks.Stretch]) {
        let earlier = earlier(&state, precedent.key)
        let others = earlier.flatMap { read($0, at: precedent.offset, count: bytes.count) }
        let stretches = others.map { EqualBlocks.stretches(bytes, $0) } ?? [.init(range: bytes.indices, isEqual: false)]
        state.expectation.note(isMet: stretches.contains { $0.isEqual })
        return (earlier, stretches)
    }

    /// - Returns: nil where there is none any more, or none that can be read: it is not needed, as the bytes are in hand.
    private func earlier(_ state: inout State, _ key: String) -> LocalFile? {
        if let known = state.earlier, known.key == key { return known.file }
        let found = try? open(key)
        state.earlier = (key, found)
        state.isPossible = state.isPossible && found.map(file.mayShareNow) != false
        guard state.isPossible else { return nil }
        found?.forgetCached()
        return found
    }

    private func open(_ key: String) throws -> LocalFile {
        try store.validate(key)
        return try LocalFile.openNow(store.path(key), store.threads)
    }

    /// - Returns: nil where it does not reach so far, or cannot be read there.
    private func read(_ earlier: LocalFile, at offset: Int64, count: Int) -> [UInt8]? {
        guard offset >= 0, offset <= earlier.byteCount - Int64(count) else { return nil }
        return try? earlier.readNow(at: offset, count: count)
    }
}

extension SharingFile.State {
    /// Whether bytes from there go on with what is pending, if anything is.
    fileprivate func follows(_ next: Precedent?) -> Bool {
        guard let precedent else { return true }
        return isPossible && expectation.pays && precedent.advanced(by: pending.count) == next
    }

    /// Whether what comes next in the file can be in one block with what stands there.
    fileprivate func maySharePlace(of precedent: Precedent) -> Bool {
        guard isPossible, expectation.pays else { return false }
        return (precedent.offset - place - Int64(pending.count)) % Int64(EqualBlocks.blockBytes) == 0
    }

    fileprivate var bytesToNextBlock: Int {
        let over = Int(place % Int64(EqualBlocks.blockBytes))
        return over == 0 ? 0 : EqualBlocks.blockBytes - over
    }
}
