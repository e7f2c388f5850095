import Foundation
import Testing

/// A text that was read once and then written down. With RECORD_GOLDEN set it is written anew, to be read before it is committed.
func expectGolden(_ text: String, _ path: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
    if ProcessInfo.processInfo.environment["RECORD_GOLDEN"] != nil {
        let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().appending(path: "Fixtures/\(path)")
        try text.write(to: file, atomically: true, encoding: .utf8)
    }
    let file = try #require(
        Bundle.module.url(forResource: "Fixtures/\(path)", withExtension: nil), "no golden text \(path)", sourceLocation: sourceLocation)
    #expect(text == (try String(contentsOf: file, encoding: .utf8)), "\(path)", sourceLocation: sourceLocation)
}
