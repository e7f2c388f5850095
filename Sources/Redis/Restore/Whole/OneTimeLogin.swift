import BackupModel

/// A user and a password that exist for one transfer, so that nobody else can fetch the data from us.
struct OneTimeLogin: Sendable, Equatable {
    let user: String
    let password: Secret

    init() {
        user = "restore-\(Self.word(8))"
        password = Secret(Self.word(48))
    }

    /// Hexadecimal digits from the system's random source.
    static func word(_ digits: Int) -> String {
        var generator = SystemRandomNumberGenerator()
        return String((0..<digits).map { _ in "0123456789abcdef".randomElement(using: &generator) ?? "0" })
    }
}
