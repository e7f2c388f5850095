extension Sequence where Element: Hashable {
    /// In the order of their first mention.
    package var withoutRepetitions: [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}
