package import NIOCore

/// A command as the server gets it: words of any bytes.
package struct RedisCommand: Sendable {
    package var words: [[UInt8]]

    package init(_ words: [[UInt8]]) {
        self.words = words
    }

    package init(_ words: String...) {
        self.words = words.map { Array($0.utf8) }
    }

    /// The first word, for messages: the others may be secrets.
    package var name: String { words.first.map { String(decoding: $0, as: UTF8.self) } ?? "" }

    /// Appends the command as an array of bulk strings, the form every version understands.
    package func write(to buffer: inout ByteBuffer) {
        buffer.writeString("*\(words.count)\r\n")
        for word in words { buffer.writeWord(word) }
    }
}

extension ByteBuffer {
    /// Appends a bulk string.
    mutating func writeWord(_ word: [UInt8]) {
        writeString("$\(word.count)\r\n")
        writeBytes(word)
        writeString("\r\n")
    }
}
