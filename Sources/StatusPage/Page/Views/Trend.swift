import BackupModel

/// A line of values over time, as the points of an SVG.
struct Trend: Equatable {
    static let width = 300.0
    static let height = 48.0
    /// Room for the dot at the end.
    private static let margin = 5.0

    /// Of the line: `0,12.5 10,14 …`.
    let line: String
    /// The line, closed along the bottom.
    let area: String
    let end: (x: String, y: String)
    let least: Int64
    let most: Int64
    let last: Int64

    /// Nil with less than two values: that is no trend.
    init?(_ values: [(at: Instant, value: Int64)]) {
        guard let first = values.first, let final = values.last, values.count > 1, final.at > first.at else { return nil }
        let (least, most) = values.reduce((first.value, first.value)) { (min($0.0, $1.value), max($0.1, $1.value)) }
        let span = (final.at - first.at).inSeconds
        let points = values.map { point in
            let x = Self.margin + (point.at - first.at).inSeconds / span * (Self.width - 2 * Self.margin)
            // What does not change is a line in the middle.
            let share = most > least ? Double(point.value - least) / Double(most - least) : 0.5
            return (x: Self.text(x), y: Self.text(Self.height - Self.margin - share * (Self.height - 2 * Self.margin)))
        }
        line = points.map { "\($0.x),\($0.y)" }.joined(separator: " ")
        end = points[points.count - 1]
        area = "\(points[0].x),\(Self.text(Self.height)) \(line) \(end.x),\(Self.text(Self.height))"
        (self.least, self.most, last) = (least, most, final.value)
    }

    /// One decimal, which is finer than any screen.
    private static func text(_ value: Double) -> String {
        let tenths = Int64((value * 10).rounded())
        return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
    }

    static func == (left: Trend, right: Trend) -> Bool {
        left.line == right.line && left.least == right.least && left.most == right.most && left.last == right.last
    }
}
