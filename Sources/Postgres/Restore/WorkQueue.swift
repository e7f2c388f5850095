/// Decides what may run now. Pure: it starts nothing and knows no clock.
///
/// An item waits for the items it comes after, and for those that hold a table it needs: two statements that lock the same tables
/// at the same time could wait for each other for ever.
struct WorkQueue<Work: Sendable>: Sendable {
    typealias ID = Int

    private struct Item: Sendable {
        var work: Work
        var after: Set<ID>
        var alone: Set<QualifiedName>
        var shared: Set<QualifiedName>
        var weight: Int64
    }

    private var items: [ID: Item] = [:]
    /// From the lightest to the heaviest.
    private var ready: [ID] = []
    private var followers: [ID: [ID]] = [:]
    private var held: [QualifiedName: Int] = [:]
    private var running: [ID: Item] = [:]
    private var count = 0

    /// - Parameters:
    ///   - after: items that must be finished before.
    ///   - alone: tables nothing else may touch meanwhile.
    ///   - shared: tables others may touch too, if they do not need them alone.
    ///   - weight: of two that may run, the heavier goes first.
    @discardableResult
    mutating func add(
        _ work: Work, after: Set<ID> = [], alone: Set<QualifiedName> = [], shared: Set<QualifiedName> = [], weight: Int64 = 0
    ) -> ID {
        let id = count
        count += 1
        let waits = after.filter { items[$0] != nil || running[$0] != nil }
        items[id] = Item(work: work, after: waits, alone: alone, shared: shared, weight: weight)
        for other in waits { followers[other, default: []].append(id) }
        if waits.isEmpty { makeReady(id) }
        return id
    }

    var isEmpty: Bool { items.isEmpty && running.isEmpty }

    /// The heaviest item that may run now.
    mutating func take() -> (id: ID, work: Work)? {
        guard let place = ready.lastIndex(where: isFree) else { return nil }
        let id = ready.remove(at: place)
        guard let item = items.removeValue(forKey: id) else { return nil }
        for table in item.alone { held[table] = -1 }
        for table in item.shared.subtracting(item.alone) { held[table, default: 0] += 1 }
        running[id] = item
        return (id, item.work)
    }

    mutating func finish(_ id: ID) {
        guard let item = running.removeValue(forKey: id) else { return }
        for table in item.alone { held[table] = nil }
        for table in item.shared.subtracting(item.alone) { release(table) }
        for follower in followers.removeValue(forKey: id) ?? [] {
            items[follower]?.after.remove(id)
            if items[follower]?.after.isEmpty == true { makeReady(follower) }
        }
    }

    private mutating func release(_ table: QualifiedName) {
        let left = (held[table] ?? 1) - 1
        held[table] = left > 0 ? left : nil
    }

    private func isFree(_ id: ID) -> Bool {
        guard let item = items[id] else { return false }
        return item.alone.allSatisfy { held[$0] == nil } && item.shared.allSatisfy { (held[$0] ?? 0) >= 0 }
    }

    private mutating func makeReady(_ id: ID) {
        var low = 0
        var high = ready.count
        while low < high {
            let middle = (low + high) / 2
            if isLighter(ready[middle], than: id) { low = middle + 1 } else { high = middle }
        }
        ready.insert(id, at: low)
    }

    private func isLighter(_ one: ID, than other: ID) -> Bool {
        let weights = (items[one]?.weight ?? 0, items[other]?.weight ?? 0)
        return weights.0 == weights.1 ? one > other : weights.0 < weights.1
    }
}
