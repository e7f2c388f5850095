/// A speed limit in bytes per second, written `50MB/s` (the `/s` may be left out, the unit may not: who writes `50` does not mean 50 bytes).
package struct ByteRate: Sendable, Hashable, CustomStringConvertible {
    package var bytesPerSecond: Int64

    package init(bytesPerSecond: Int64) {
        self.bytesPerSecond = bytesPerSecond
    }

    /// Nil for anything that is not a size above zero with its unit.
    package init?(_ text: some StringProtocol) {
        let size = text.hasSuffix("/s") ? String(text.dropLast(2)) : String(text)
        guard let parsed = ByteSize(withUnit: size), parsed.bytes > 0 else { return nil }
        self.init(bytesPerSecond: parsed.bytes)
    }

    package var description: String { "\(ByteSize(bytesPerSecond))/s" }
}
