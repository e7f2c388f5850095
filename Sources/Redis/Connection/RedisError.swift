/// What the server said when it refused something: `-WRONGPASS invalid username-password pair`.
package struct RedisError: Error, Sendable, Equatable {
    /// The first word when it is one of the server's codes, else `ERR`.
    package let kind: String
    /// The rest of the line.
    package let message: String

    package init(kind: String, message: String) {
        self.kind = kind
        self.message = message
    }

    /// - Parameter line: the reply without its leading minus.
    init(line: String) {
        // Servers repeat the arguments of commands they do not know: AUTH's may be a password.
        let line = line.split(separator: ", with args", maxSplits: 1).first.map(String.init) ?? line
        let parts = line.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
        let first = parts.first.map(String.init) ?? ""
        let isCode = !first.isEmpty && first.allSatisfy { $0.isASCII && ($0.isUppercase || $0 == "_") }
        kind = isCode ? first : "ERR"
        message = isCode ? parts.dropFirst().joined() : line
    }
}

extension RedisError: CustomStringConvertible {
    package var description: String { message.isEmpty ? kind : "\(kind) \(message)" }
}
