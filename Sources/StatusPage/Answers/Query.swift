import BackupReports
import Hummingbird

/// The part after the question mark.
struct Query {
    private let values: [String: String]

    init(_ request: Request) {
        values = Dictionary(request.uri.queryParameters.map { (String($0.key), String($0.value)) }) { first, _ in first }
    }

    subscript(name: String) -> String? { values[name] }

    /// - Throws: a `Problem` for what is no number of the range.
    func number(_ name: String, in range: ClosedRange<Int>, otherwise: Int) throws -> Int {
        guard let text = values[name] else { return otherwise }
        guard let number = Int(text), range.contains(number) else {
            throw Problem.badRequest(
                Bilingual(
                    "\(name) has to be a number from \(range.lowerBound) to \(range.upperBound)",
                    "\(name) должно быть числом от \(range.lowerBound) до \(range.upperBound)"))
        }
        return number
    }

    func choice<Choice: RawRepresentable & CaseIterable>(_ name: String) throws -> Choice? where Choice.RawValue == String {
        guard let text = values[name] else { return nil }
        guard let choice = Choice(rawValue: text) else {
            let all = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw Problem.badRequest(Bilingual("\(name) has to be one of \(all)", "\(name) может быть одним из: \(all)"))
        }
        return choice
    }
}
