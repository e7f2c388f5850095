/// The only place where words are quoted for a shell.
package enum Shell {
    private static let plain = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:=@%+,")

    /// One word of a POSIX shell, whatever stands in it (POSIX.1, "Shell Command Language", 2.2); bare where nothing needs a quote.
    package static func quoted(_ word: String) -> String {
        if !word.isEmpty, word.allSatisfy(plain.contains) { return word }
        if !word.contains(where: { "\"$`\\!".contains($0) }) { return "\"\(word)\"" }
        return "'" + word.replacing("'", with: #"'\''"#) + "'"
    }
}
