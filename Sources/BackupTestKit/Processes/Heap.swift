import Foundation
import Glibc

/// What malloc has handed out and not got back, by malloc_info(3). Unlike resident memory it has no part in what the library keeps for later, or cannot
/// give back as something small stands behind it.
package enum Heap {
    private typealias Information = @convention(c) (Int32, UnsafeMutablePointer<FILE>) -> Int32

    /// In KiB; nil where there is another malloc. What threads keep for themselves counts as handed out: up to some hundred KiB each.
    package static func kibibytes() -> Int? {
        guard let symbol = dlsym(nil, "malloc_info") else { return nil }
        var text: UnsafeMutablePointer<CChar>?
        var size = 0
        guard let stream = open_memstream(&text, &size) else { return nil }
        defer { free(text) }
        // The manual's signature of that function, which Swift's module of glibc lacks.
        let status = unsafeBitCast(symbol, to: Information.self)(0, stream)
        fclose(stream)
        guard status == 0, let text else { return nil }
        return kibibytes(in: String(cString: text))
    }

    /// The totals stand behind those of each arena.
    private static func kibibytes(in xml: String) -> Int? {
        let totals = xml[(xml.range(of: "</heap>", options: .backwards)?.upperBound ?? xml.startIndex)...]
        func bytes(_ kind: String) -> Int? {
            totals.split(separator: "\n").first { $0.contains("type=\"\(kind)\"") }?.firstMatch(of: /size="(\d+)"/).flatMap { Int($0.1) }
        }
        guard let all = bytes("current"), let fast = bytes("fast"), let rest = bytes("rest"), let mapped = bytes("mmap") else { return nil }
        return (all - fast - rest + mapped) / 1024
    }
}
