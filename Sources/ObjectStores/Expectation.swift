/// Whether it pays to look for bytes where they may stand already: what turns out otherwise, again and again, is not looked for any more.
struct Expectation: Sendable {
    private var met = 0
    private var disappointed = 0
    private let patience: Int

    /// - Parameter patience: how many more times it may be disappointed than met.
    init(patience: Int) { self.patience = patience }

    var pays: Bool { disappointed <= met + patience }

    mutating func note(isMet: Bool) {
        if isMet { met += 1 } else { disappointed += 1 }
    }
}
