import BackupReports

/// Puts what comes of something under it, so that one trouble is one alarm.
struct CauseTree {
    let roots: [Diagnosis]

    init(_ findings: [Diagnosis]) {
        // Sorted by rank a cause stands before all that may come of it.
        let ranked = findings.enumerated().sorted { ($0.element.code.rank, $0.offset) < ($1.element.code.rank, $1.offset) }.map(\.element)
        let parents = ranked.indices.map { Self.parent(of: $0, in: ranked) }
        var roots = ranked.indices.filter { parents[$0] == nil }.map { root in
            var diagnosis = ranked[root]
            diagnosis.consequences = ranked.indices.filter { $0 != root && Self.root(of: $0, parents) == root }.map { ranked[$0] }
            return diagnosis
        }
        roots = roots.enumerated().sorted { left, right in
            left.element.gravity == right.element.gravity ? left.offset < right.offset : left.element.gravity > right.element.gravity
        }.map(\.element)
        self.roots = roots
    }

    /// A cause has a lower rank, so there are no circles.
    private static func parent(of place: Int, in ranked: [Diagnosis]) -> Int? {
        let effect = ranked[place]
        let cause = ranked.indices.first { ranked[$0].code.rank < effect.code.rank && CauseLink.all.links(ranked[$0], to: effect) }
        return cause ?? ranked[..<place].firstIndex { $0.isTwin(of: effect) }
    }

    private static func root(of place: Int, _ parents: [Int?]) -> Int {
        var place = place
        while let parent = parents[place] { place = parent }
        return place
    }
}

extension Diagnosis {
    /// The same failure of one run, told of another target.
    fileprivate func isTwin(of other: Diagnosis) -> Bool {
        code == .failed && other.code == .failed && evidence == other.evidence && subject.failure == other.subject.failure
    }
}
