package import BackupModel

/// Puts a store on trial: everything a backup relies on is really done with files made for it, which are removed again.
package struct StoreTrials: Sendable {
    private let store: any ProvableStore
    private let context: RunContext
    /// Of every file of this trial.
    private let name: String
    /// Of the large file, in bytes; above what goes into one request or piece.
    private let largeSize: Int

    package init(_ store: any ProvableStore, context: RunContext, largeSize: Int = 24 << 20) {
        self.store = store
        self.context = context
        self.largeSize = largeSize
        name = TrialName.fresh(at: context.now())
    }

    private var small: String { name + ".bin" }
    private var large: String { name + ".large" }

    /// Never throws; whatever goes wrong is a finding. After a failed write nothing else is tried but to clean up.
    package func run(on bench: TrialBench) async {
        let isBegun = !bench.isOver
        let written = await bench.run("write") { try await write() }
        // What is not tried is named, too.
        guard written.failure == nil || bench.isOver else { return await lookAround(bench) }
        await bench.run("read back") { try await readBack() }
        await bench.run("range") { try await range() }
        await bench.run("list") { try await list() }
        await bench.run("refuse overwrite") { try await refuseOverwrite() }
        await bench.run("change") { try await change() }
        await bench.run("leave nothing", patience: TrialBench.patience(for: Self.brokenOff)) { try await leaveNothing() }
        await throughput(bench)
        await store.ownTrials(name, on: bench, context: context)
        guard isBegun else {
            await bench.run("delete") { try await remove() }
            return
        }
        await bench.cleanUp("delete") { try await remove() }
    }

    /// What may be done all the same says more of the rights. A write that failed leaves nothing, but who knows what failed.
    private func lookAround(_ bench: TrialBench) async {
        await bench.run("list") { Trial("list", "it can be listed all the same, \(try await store.list().count.counted("file"))") }
        if case .given(true) = await bench.ask({ try await store.list().contains { $0.key == small } }) {
            await bench.cleanUp("delete") { try await remove() }
        }
    }

    private static let content = Array("written by call-center-admin storage check\n".utf8)
    private static let changed = Array("changed by call-center-admin storage check\n".utf8)

    private func write() async throws -> Trial {
        let time = try await timed { try await store.put(small, bytes: Self.content) }
        return Trial("write", "a small file was stored in \(time.asLatency)")
    }

    private func readBack() async throws -> Trial {
        let (bytes, time) = try await timing { try await store.read(small) }
        guard bytes == Self.content else { return .lies("read back", "what was read is not what was stored") }
        return Trial("read back", "it came back unchanged in \(time.asLatency)")
    }

    private func range() async throws -> Trial {
        let bytes = try await store.open(small).read(at: 11, count: 17)
        guard bytes == Array(Self.content[11..<28]) else { return .lies("range", "a part of it that was asked for is another part") }
        return Trial("range", "a part of it can be read alone, so restores read only what they need")
    }

    private func list() async throws -> Trial {
        let (objects, time) = try await timing { try await store.list() }
        let stored = objects.first { $0.key == small }
        if let stored, stored.bytes == Self.content.count {
            return Trial("list", "it is listed, among \((objects.count - 1).counted("other file")), in \(time.asLatency)")
        }
        return stored == nil
            ? .lies("list", "it is not listed right after it was stored") : .lies("list", "it is listed with a size it does not have")
    }

    private func refuseOverwrite() async throws -> Trial {
        let name = "refuse overwrite"
        do {
            try await store.put(small, bytes: Self.changed)
            return .lies(name, "a second file of the same name took the place of the first one")
        } catch let error as BackupError where error.code == .targetExists {
            guard try await store.read(small) == Self.content else { return .lies(name, "it was refused, and stored all the same") }
            return Trial(name, "a second file of the same name is refused")
        }
    }

    private func change() async throws -> Trial {
        let changed = Self.changed
        do { try await store.update(small) { _ in changed } } catch let error as BackupError where error.code == .objectLocked {
            let hint = "Verdicts and pins are written into manifests: take a bucket whose own policy does not keep everything."
            throw BackupError(.storeFailed, "a manifest could not be changed: \(error.message)", hint: hint)
        }
        guard try await store.read(small) == changed else {
            return .lies("change", "what was read after a change is not what was written")
        }
        return Trial("change", "a manifest can be changed in place")
    }

    /// A backup that fails in the middle.
    private func leaveNothing() async throws -> Trial {
        let name = "leave nothing"
        let key = self.name + ".broken"
        do {
            try await store.put(key) { sink in
                try await sink.write(Pattern.bytes(at: 0, count: Self.brokenOff))
                throw BrokenOff()
            }
        } catch is BrokenOff {}
        guard try await !store.list().contains(where: { $0.key == key }) else {
            return .lies(name, "half a file is listed as a whole one")
        }
        return Trial(name, "an upload that was broken off is not visible")
    }

    /// Bytes of the upload that is broken off.
    private static let brokenOff = 12 << 20

    private func throughput(_ bench: TrialBench) async {
        let patience = TrialBench.patience(for: largeSize)
        let uploaded = await bench.run("upload", patience: patience) { try await upload() }
        guard uploaded.failure == nil || bench.isOver else { return }
        await bench.run("download", patience: patience) { try await download() }
    }

    private func upload() async throws -> Trial {
        let time = try await timed {
            try await store.put(large) { sink in
                for offset in stride(from: 0, to: largeSize, by: 1 << 20) {
                    try await sink.write(Pattern.bytes(at: offset, count: min(1 << 20, largeSize - offset)))
                }
            }
        }
        return Trial("upload", "\(ByteSize(Int64(largeSize))) were stored in \(time.precisely): \(rate(time))")
    }

    private func download() async throws -> Trial {
        let file = try await store.open(large)
        guard file.byteCount == Int64(largeSize) else { return .lies("download", "it is \(file.byteCount.counted("byte")) long") }
        var isSame = true
        let time = try await timed {
            for offset in stride(from: 0, to: largeSize, by: 4 << 20) where isSame {
                let count = min(4 << 20, largeSize - offset)
                isSame = try await file.read(at: Int64(offset), count: count) == Pattern.bytes(at: offset, count: count)
            }
        }
        guard isSame else { return .lies("download", "what was read is not what was stored") }
        return Trial("download", "they came back unchanged in \(time.precisely): \(rate(time))")
    }

    private func remove() async throws -> Trial {
        let kept = try await removeAll([small, large])
        let listed = try await store.list()
        if kept.isEmpty, listed.contains(where: { $0.key == small || $0.key == large }) {
            return .lies("delete", "what was deleted is still listed")
        }
        let stale = listed.filter(isStale).map(\.key)
        let rest = kept + (try await removeAll(stale))
        let others = stale.isEmpty ? "" : ", and \(stale.count.counted("file")) that earlier checks had to leave"
        let removed = kept.isEmpty ? "everything stored for this check was removed" : "what can be removed was removed"
        return Trial("delete", ([removed + others] + rest).joined(separator: "; "))
    }

    /// - Returns: what stays and why.
    private func removeAll(_ keys: [String]) async throws -> [String] {
        var kept: [String] = []
        for key in keys {
            if let remark = try await store.removeTrial(key), !kept.contains(remark) { kept.append(remark) }
        }
        return kept
    }

    /// Another check may be under way.
    private func isStale(_ object: StoredObject) -> Bool {
        TrialName.matches(object.key) && !object.key.hasPrefix(name) && context.now() - object.modifiedAt > .seconds(3600)
    }

    private func rate(_ time: Duration) -> String { "\(ByteRate(bytesPerSecond: Int64(Double(largeSize) / max(time.inSeconds, 0.001))))" }

    private func timed(_ body: () async throws -> Void) async throws -> Duration { try await timing(body).time }

    private func timing<Value: Sendable>(_ body: () async throws -> Value) async throws -> (value: Value, time: Duration) {
        let stopwatch = Stopwatch(context.clock)
        let value = try await body()
        return (value, stopwatch.elapsed())
    }
}

private struct BrokenOff: Error {}

extension Duration {
    /// Milliseconds, where most answers of stores are.
    fileprivate var asLatency: String {
        let milliseconds = inSeconds * 1000
        return milliseconds < 9.95 ? "\((milliseconds * 10).rounded() / 10) ms" : "\(Int64(milliseconds.rounded())) ms"
    }
}

/// How long something takes on a clock of any kind.
private struct Stopwatch {
    let elapsed: () -> Duration

    init(_ clock: some Clock<Duration>) {
        let begin = clock.now
        elapsed = { begin.duration(to: clock.now) }
    }
}

/// Bytes that neither compress nor repeat, the same every time.
private enum Pattern {
    static func bytes(at offset: Int, count: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            for index in 0..<count {
                let place = UInt64(truncatingIfNeeded: offset &+ index)
                let mixed = (place &+ 0x9e37_79b9_7f4a_7c15) &* 0xbf58_476d_1ce4_e5b9
                buffer[index] = UInt8(truncatingIfNeeded: mixed >> 32 ^ mixed >> 56)
            }
            filled = count
        }
    }
}
