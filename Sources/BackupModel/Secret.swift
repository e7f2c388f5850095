/// A password or token. It prints as dots wherever it lands: in messages, debug output, mirrors and dumps; it is not `Codable`.
package struct Secret: Sendable, Hashable {
    private let value: String

    package init(_ value: String) {
        self.value = value
    }

    /// The secret itself, for the one call that hands it to a library.
    package func reveal() -> String { value }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package static let redacted = "••••"

    package var description: String { Self.redacted }
    package var debugDescription: String { Self.redacted }
    package var customMirror: Mirror { Mirror(self, children: [], displayStyle: .struct) }
}
