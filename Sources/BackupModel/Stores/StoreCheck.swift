/// What an operator types to see what one store really does.
package enum StoreCheck {
    /// A hint for who has asked a store for something it does not do. The check itself has another.
    package static let look = "See what the server can do with `call-center-admin storage check`."

    package static func command(_ store: String) -> String { "call-center-admin storage check \(Shell.quoted(store))" }
}
