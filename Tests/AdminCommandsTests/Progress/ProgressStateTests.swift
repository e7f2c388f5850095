import BackupModel
import Testing

@testable import AdminCommands

@Suite("Progress")
struct ProgressStateTests {
    private func state(_ events: [(ProgressEvent, Duration)]) -> ProgressState {
        var state = ProgressState()
        for (event, at) in events { state.take(event, at: at) }
        return state
    }

    @Test("Standing says how far, how fast, how long and where")
    func standing() {
        let state = state([
            (.began(phase: "dump", totalBytes: 736_000_000, totalItems: 12), .zero),
            (.advanced(bytes: 250_000_000, rows: 1_234_567, items: 1, item: "public.calls"), .seconds(5)),
        ])
        let text = ProgressText(state: state, now: .seconds(5)).standing
        #expect(text == "dump 33 %, 250 MB of 736 MB, 1,234,567 rows, 1 of 12 objects, 50.0 MB/s, 9 s left, public.calls")
    }

    @Test("Without a total there is no percentage, no estimate and no rate before anything moved")
    func unknown() {
        let begun = state([(.began(phase: "verify", totalBytes: nil, totalItems: nil), .zero)])
        #expect(ProgressText(state: begun, now: .seconds(3)).standing == "verify")
        #expect(ProgressText(state: begun, now: .zero).beginning == "verify")
    }

    @Test("Estimates that were too low never show more than 99 %")
    func underestimated() {
        let state = state([
            (.began(phase: "dump", totalBytes: 100, totalItems: nil), .zero),
            (.advanced(bytes: 500, rows: 0, items: 0, item: nil), .seconds(1)),
        ])
        #expect(state.fraction == 0.99)
        #expect(state.remaining(at: .seconds(1)) == nil)
    }

    @Test("The rate is that of the last ten seconds")
    func rate() {
        var state = state([(.began(phase: "dump", totalBytes: nil, totalItems: nil), .zero)])
        for second in 1...60 {
            state.take(.advanced(bytes: second <= 30 ? 1000 : 10, rows: 0, items: 0, item: nil), at: .seconds(second))
            state.sample(at: .seconds(second))
        }
        #expect(state.rate(at: .seconds(60)) == 10)
    }

    @Test("A new phase starts from nothing")
    func phases() {
        let state = state([
            (.began(phase: "load", totalBytes: 10, totalItems: 1), .zero),
            (.advanced(bytes: 10, rows: 3, items: 1, item: "a"), .seconds(1)),
            (.ended(phase: "load"), .seconds(2)), (.began(phase: "index", totalBytes: nil, totalItems: 4), .seconds(2)),
        ])
        #expect(ProgressText(state: state, now: .seconds(2)).beginning == "index, 4 objects")
        #expect(state.rows == 0 && state.isUnderWay)
        #expect(ProgressText(state: state, now: .seconds(5)).ending == "index in 3.00 s")
    }

    @Test("The bar fits the terminal, whatever a table is called", arguments: [20, 40, 80, 200])
    func bar(columns: Int) {
        let state = state([
            (.began(phase: "dump", totalBytes: 1000, totalItems: nil), .zero),
            (.advanced(bytes: 500, rows: 9, items: 0, item: "public.\u{1B}[2J\n" + String(repeating: "x", count: 300)), .seconds(1)),
        ])
        let bar = ProgressText(state: state, now: .seconds(1)).bar(columns: columns)
        #expect(bar.count < columns)
        #expect(!bar.contains("\u{1B}") && !bar.contains("\n"))
        #expect(bar.hasPrefix("█"))
    }

    @Test("Large numbers are grouped", arguments: [(0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567"), (-1000, "-1,000")])
    func grouped(number: Int, text: String) {
        #expect(number.grouped == text)
    }
}
