import ArgumentParser
import FoundationEssentials

/// What a command answers: one value, two renderings.
protocol Report: Encodable {
    /// For people; ends without a newline.
    func text(_ style: TextStyle) -> String
}

/// The one place that knows the formats of output.
struct Renderer {
    let isJSON: Bool
    let console: Console

    func render(_ report: some Report) throws {
        guard isJSON else { return console.write(report.text(console.style) + "\n") }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        console.write(String(decoding: try encoder.encode(report), as: UTF8.self) + "\n")
    }
}

/// `--json`, the same everywhere.
package struct OutputOptions: ParsableArguments, Sendable {
    @Flag(help: "Print the result as JSON.")
    package var json = false

    package init() {}

    func renderer(_ session: Session) -> Renderer { Renderer(isJSON: json, console: session.console) }
}
