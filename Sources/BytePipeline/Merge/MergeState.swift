import DequeModule

/// What an `OrderedMerge` knows, without waiting or locks.
struct MergeState<Element: Sendable>: Sendable {
    private struct Slot: Sendable {
        var waiting: Deque<(element: Element, bytes: Int)> = []
        var bytes = 0
        var isFinished = false
    }

    private let byteLimit: Int
    private let headLimit: Int
    private let slotCount: Int
    /// Only slots that hold something or have ended ahead of their turn; a plan may have a hundred thousand.
    private var slots: [Int: Slot] = [:]
    private(set) var head = 0
    private(set) var bytesHeld = 0
    private var parked: [CheckedContinuation<Void, Never>] = []
    /// Grows with every change, so that a waiter can tell whether it missed one between looking and parking.
    private(set) var changes = 0
    private(set) var failure: (any Error)?

    init(slots: Int, byteLimit: Int, headLimit: Int) {
        slotCount = slots
        self.byteLimit = byteLimit
        self.headLimit = headLimit
    }

    /// Takes the element if there is room; one that is larger than the limit gets in alone.
    mutating func offer(_ element: Element, bytes: Int, to slot: Int) -> Bool {
        let held = slot == head ? slots[slot]?.bytes ?? 0 : bytesHeld
        guard held == 0 || held + bytes <= (slot == head ? headLimit : byteLimit) else { return false }
        slots[slot, default: Slot()].waiting.append((element, bytes))
        slots[slot, default: Slot()].bytes += bytes
        bytesHeld += bytes
        return true
    }

    mutating func finish(_ slot: Int) { slots[slot, default: Slot()].isFinished = true }

    mutating func fail(_ error: any Error) {
        if failure == nil { failure = error }
    }

    /// The next element in order, `.some(nil)` at the end, nil when it has not come yet.
    mutating func take() -> (slot: Int, element: Element)?? {
        while head < slotCount {
            if let first = slots[head]?.waiting.popFirst() {
                slots[head]?.bytes -= first.bytes
                bytesHeld -= first.bytes
                return .some((head, first.element))
            }
            guard slots[head]?.isFinished == true else { return nil }
            slots[head] = nil
            head += 1
        }
        return .some(nil)
    }

    /// - Returns: true when something changed since `ticket`, so that there is nothing to wait for.
    mutating func park(_ continuation: CheckedContinuation<Void, Never>, since ticket: Int) -> Bool {
        guard ticket == changes, failure == nil else { return true }
        parked.append(continuation)
        return false
    }

    mutating func wakeAll() -> [CheckedContinuation<Void, Never>] {
        changes += 1
        defer { parked = [] }
        return parked
    }
}
