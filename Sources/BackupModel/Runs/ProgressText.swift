/// Words for a state of progress.
package struct ProgressText {
    private let state: ProgressState
    private let now: Duration

    /// - Parameter now: since the beginning of the whole.
    package init(state: ProgressState, now: Duration) {
        self.state = state
        self.now = now
    }

    /// `verify, about 736 MB in 12 tables`.
    package var beginning: String {
        let size = state.totalBytes.flatMap { $0 > 0 ? "about \(ByteSize($0))" : nil }
        let items = state.totalItems.map { $0.counted("object") }
        let scope = [size, items].compactMap { $0 }.joined(separator: " in ")
        return scope.isEmpty ? state.phase : "\(state.phase), \(scope)"
    }

    /// `dump 34 %, 250 MB of 736 MB, 1,234,567 rows, 3 of 12 objects, 78.1 MB/s, 8 s left, public.calls`.
    package var standing: String { ([percentage] + amounts + objects + speed + place).joined(separator: ", ") }

    /// `dump, 736 MB, 9,000,000 rows in 9.20 s`.
    package var ending: String {
        ([state.phase] + done).joined(separator: ", ") + " in \((now - state.begun).precisely)"
    }

    /// One line of at most `columns` characters with a bar in it; what matters least stands last, where it may be cut off.
    package func bar(columns: Int) -> String {
        let width = max(8, min(30, columns / 8))
        let filled = Int((state.fraction ?? 0) * Double(width))
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
        let text = ([percentage] + amounts + speed + place).joined(separator: ", ")
        return String("\(bar) \(text)".prefix(max(0, columns - 1)))
    }

    private var percentage: String { state.phase + (state.fraction.map { " \(Int($0 * 100)) %" } ?? "") }

    private var speed: [String] {
        let rate = state.rate(at: now).map { "\(ByteRate(bytesPerSecond: $0))" }
        let remaining = state.remaining(at: now).map { "\($0.briefly) left" }
        return [rate, remaining].compactMap { $0 }
    }

    private var objects: [String] {
        guard let total = state.totalItems, state.items > 0 else { return [] }
        return ["\(state.items) of \(total.counted("object"))"]
    }

    private var place: [String] { state.item.map { [oneLine($0)] } ?? [] }

    private var amounts: [String] {
        var parts: [String] = []
        if let total = state.totalBytes, total > 0 {
            parts.append("\(ByteSize(state.bytes)) of \(ByteSize(total))")
        } else if state.bytes > 0 {
            parts.append("\(ByteSize(state.bytes))")
        }
        if state.rows > 0 { parts.append(state.rows.counted("row")) }
        return parts
    }

    private var done: [String] {
        [state.bytes > 0 ? "\(ByteSize(state.bytes))" : nil, state.rows > 0 ? state.rows.counted("row") : nil].compactMap { $0 }
    }

    /// Names of tables may hold anything, also what would move a terminal's cursor.
    private func oneLine(_ text: String) -> String {
        String(text.unicodeScalars.map { $0.properties.generalCategory == .control ? "\u{FFFD}" : Character($0) })
    }
}
