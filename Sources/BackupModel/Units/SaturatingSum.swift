extension Sequence where Element == Int64 {
    /// Their sum, or as much as an `Int64` holds: for figures that come from outside, such as a manifest anybody can write.
    package var saturatingSum: Int64 { reduce(0) { $0.saturatingAdd($1) } }
}

extension Int64 {
    package func saturatingAdd(_ other: Int64) -> Int64 {
        let (sum, overflows) = addingReportingOverflow(other)
        guard overflows else { return sum }
        return other < 0 ? .min : .max
    }
}
