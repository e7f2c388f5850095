import FoundationEssentials

/// Base 64 as age's headers have it: the standard letters, no padding, and one spelling only (RFC 4648, section 3.5).
enum AgeBase64 {
    static func encode(_ bytes: [UInt8]) -> String { String(Data(bytes).base64EncodedString().prefix { $0 != "=" }) }

    /// Nil for every spelling `encode` does not give.
    static func decode(_ text: some StringProtocol) -> [UInt8]? {
        let padded = String(text) + String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
        guard let bytes = Data(base64Encoded: padded).map({ [UInt8]($0) }), encode(bytes) == text else { return nil }
        return bytes
    }
}
