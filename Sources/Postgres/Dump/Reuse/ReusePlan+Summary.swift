extension ReusePlan {
    /// Why nothing may be taken over, in the words of logs: of many tables that of the largest, which most of the reading is for.
    /// - Parameter plan: the one it was decided for.
    /// - Returns: nil where something may be, and where there are no tables.
    func summary(of plan: DumpPlan) -> String? {
        if let obstacle { return obstacle.rawValue }
        guard tables.allSatisfy({ $0.reason != nil }), let largest = plan.tables.first, let reason = tables.first?.reason
        else { return nil }
        return "of \(largest.catalog.name.text), the largest table: \(reason.rawValue)"
    }
}
