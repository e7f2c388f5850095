/// What a sequence stands at, as its own row tells it.
struct SequenceValue: Sendable, Equatable {
    var last: Int64
    /// Whether `last` was given out: if not, it is what comes next.
    var isCalled: Bool
}
