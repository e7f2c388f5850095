/// Colours, or none.
package struct TextStyle: Sendable {
    package var isColoured = false

    package init(isColoured: Bool = false) {
        self.isColoured = isColoured
    }

    func heading(_ text: String) -> String { coloured("1", text) }
    func good(_ text: String) -> String { coloured("32", text) }
    func doubtful(_ text: String) -> String { coloured("33", text) }
    func alarm(_ text: String) -> String { coloured("31", text) }

    private func coloured(_ code: String, _ text: String) -> String {
        isColoured ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }
}
