import Glibc

/// Where words go: data to standard output, everything else to standard error.
package struct Console: Sendable {
    package var write: @Sendable (String) -> Void
    package var writeError: @Sendable (String) -> Void
    /// For standard output.
    package var style: TextStyle
    package var errorStyle: TextStyle
    /// Columns of the terminal behind standard error; nil when it is not one.
    package var errorColumns: Int?
    /// Asks whoever sits at the terminal, and waits for a line; nil when nobody does.
    package var ask: (@Sendable (String) -> String?)?

    package init(
        write: @escaping @Sendable (String) -> Void, writeError: @escaping @Sendable (String) -> Void, style: TextStyle = TextStyle(),
        errorStyle: TextStyle = TextStyle(), errorColumns: Int? = nil, ask: (@Sendable (String) -> String?)? = nil
    ) {
        self.write = write
        self.writeError = writeError
        self.style = style
        self.errorStyle = errorStyle
        self.errorColumns = errorColumns
        self.ask = ask
    }

    /// A line on standard error.
    package func note(_ line: String) { writeError(line + "\n") }
}

extension Console {
    /// The process's own streams. Colours need a terminal and no `NO_COLOR` (https://no-color.org).
    package init(environment: [String: String]) {
        let plain = environment["NO_COLOR"].map { !$0.isEmpty } ?? false || environment["TERM"] == "dumb"
        self.init(
            write: { writeAll($0, to: STDOUT_FILENO) },
            writeError: { writeAll($0, to: STDERR_FILENO) },
            style: TextStyle(isColoured: !plain && isatty(STDOUT_FILENO) == 1),
            errorStyle: TextStyle(isColoured: !plain && isatty(STDERR_FILENO) == 1),
            errorColumns: isatty(STDERR_FILENO) == 1 && environment["TERM"] != "dumb" ? columns(of: STDERR_FILENO) : nil,
            ask: isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1 ? answer : nil
        )
    }
}

/// A reader that is gone is no reason to stop the work: what it would have read is dropped.
private func writeAll(_ text: String, to descriptor: Int32) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
        let written = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        if written < 0, errno == EINTR { continue }
        guard written > 0 else { return }
        rest = rest.dropFirst(written)
    }
}

@Sendable private func answer(to question: String) -> String? {
    writeAll(question, to: STDERR_FILENO)
    return readLine()
}

private func columns(of descriptor: Int32) -> Int {
    var size = winsize()
    return ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
}
