/// Slots of a cluster as ranges in order: `0-5460,5462`. There are 16384.
package struct SlotSet: Sendable, Hashable, Codable, CustomStringConvertible {
    package static let all = 16384

    package private(set) var ranges: [ClosedRange<Int>]

    package init(_ ranges: [ClosedRange<Int>]) {
        self.ranges = []
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = self.ranges.last, last.upperBound + 1 >= range.lowerBound {
                self.ranges[self.ranges.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
            } else {
                self.ranges.append(range)
            }
        }
    }

    package var count: Int { ranges.reduce(0) { $0 + $1.count } }

    /// The slots of the whole that are not in here.
    package var complement: SlotSet {
        var missing: [ClosedRange<Int>] = []
        var next = 0
        for range in ranges {
            if next < range.lowerBound { missing.append(next...range.lowerBound - 1) }
            next = range.upperBound + 1
        }
        if next < Self.all { missing.append(next...Self.all - 1) }
        return SlotSet(missing)
    }

    package var description: String {
        ranges.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }.joined(separator: ",")
    }
}

extension SlotSet {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let slots = SlotSet(text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "\(text) are no slots")
        }
        self = slots
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }

    /// Reads what `description` writes; nil for anything else.
    package init?(_ text: String) {
        var ranges: [ClosedRange<Int>] = []
        for part in text.split(separator: ",") {
            let bounds = part.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
            guard (1...2).contains(bounds.count), let first = bounds[0], let last = bounds[bounds.count - 1],
                0 <= first, first <= last, last < Self.all
            else { return nil }
            ranges.append(first...last)
        }
        self.init(ranges)
    }
}
