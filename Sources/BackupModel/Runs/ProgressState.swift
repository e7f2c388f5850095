/// How far an operation is. Pure: it is told events and the time since the beginning.
package struct ProgressState: Sendable {
    package private(set) var phase = ""
    package private(set) var totalBytes: Int64?
    package private(set) var totalItems: Int?
    package private(set) var bytes: Int64 = 0
    package private(set) var rows: Int64 = 0
    package private(set) var items = 0
    package private(set) var item: String?
    package private(set) var begun = Duration.zero
    /// Between a beginning and its end.
    package private(set) var isUnderWay = false
    /// The last second or more of movement, for the rate.
    private var recent: [(at: Duration, bytes: Int64)] = []

    package init() {}

    package mutating func take(_ event: ProgressEvent, at now: Duration) {
        switch event {
        case .began(let phase, let totalBytes, let totalItems):
            self = ProgressState()
            (self.phase, self.totalBytes, self.totalItems, begun) = (phase, totalBytes, totalItems, now)
            isUnderWay = true
        case .advanced(let bytes, let rows, let items, let item):
            self.bytes += bytes
            self.rows += rows
            self.items += items
            self.item = item ?? self.item
        case .ended:
            isUnderWay = false
        case .warning, .note:
            break
        }
    }

    /// Notes where things stand, so that the rate is that of the last ten seconds rather than of the whole run.
    package mutating func sample(at now: Duration) {
        recent.append((now, bytes))
        recent.removeAll { $0.at < now - .seconds(10) }
    }

    /// Bytes per second; nil until something moved.
    package func rate(at now: Duration) -> Int64? {
        let from = recent.first ?? (begun, 0)
        let seconds = (now - from.at).inSeconds
        guard seconds >= 0.5, bytes > from.bytes else { return nil }
        return Int64(Double(bytes - from.bytes) / seconds)
    }

    /// Between 0 and 1, from bytes where they are known, else from items. Estimates may be low: 0.99 is the most before the end.
    package var fraction: Double? {
        if let totalBytes, totalBytes > 0 { return min(0.99, Double(bytes) / Double(totalBytes)) }
        if let totalItems, totalItems > 0 { return min(0.99, Double(items) / Double(totalItems)) }
        return nil
    }

    /// Nil while there is nothing to go by.
    package func remaining(at now: Duration) -> Duration? {
        guard let totalBytes, bytes < totalBytes, let rate = rate(at: now), rate > 0 else { return nil }
        return .seconds(Double(totalBytes - bytes) / Double(rate))
    }
}
