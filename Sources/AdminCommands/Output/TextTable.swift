/// Columns as wide as their widest cell, two spaces apart.
struct TextTable {
    private var rows: [[String]]
    private let heading: [String]

    init(_ heading: String..., rows: [[String]] = []) { self.init(heading, rows: rows) }

    init(_ heading: [String], rows: [[String]]) {
        self.heading = heading
        self.rows = rows
    }

    /// Cells keep their text; only the heading is styled, so that widths stay true.
    func text(_ style: TextStyle, indent: String = "") -> String {
        let all = [heading] + rows
        let widths = heading.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
        let lines = all.map { row in
            let cells = zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }.joined(separator: "  ")
            return indent + String(cells.reversed().drop { $0 == " " }.reversed())
        }
        return ([style.heading(lines[0])] + lines.dropFirst()).joined(separator: "\n")
    }
}
