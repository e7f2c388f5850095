import Foundation
import Testing

/// A JSON document whose strings stand for bytes, one character each, as librdb writes them.
enum JSON {
    case text(String)
    case number(Double)
    case array([JSON])
    case object([String: JSON])

    /// librdb leaves out the braces around a document of one database.
    init(librdb bytes: [UInt8]) throws {
        var text = String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        if !text.hasPrefix("[") {
            if text.hasSuffix(",") { text.removeLast() }
            text = "{\(text)}"
        }
        self = try Self.value(try JSONSerialization.jsonObject(with: Data(text.utf8)))
    }

    private static func value(_ any: Any) throws -> JSON {
        switch any {
        case let text as String: .text(text)
        case let array as [Any]: .array(try array.map(value))
        case let object as [String: Any]: .object(try object.mapValues(value))
        case let number as NSNumber: .number(number.doubleValue)
        default: throw JSONSurprise()
        }
    }

    init(_ bytes: some Sequence<UInt8>) {
        self = .text(String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) })))
    }

    subscript(_ key: String) -> JSON? {
        if case .object(let members) = self { members[key] } else { nil }
    }
}

struct JSONSurprise: Error {}

extension JSON: Equatable {
    /// Scores are numbers here and text in librdb's documents: their values count.
    static func == (left: JSON, right: JSON) -> Bool {
        switch (left, right) {
        case (.text(let left), .text(let right)): left == right
        case (.number(let left), .number(let right)): left == right
        case (.number(let number), .text(let text)), (.text(let text), .number(let number)): Double(text) == number
        case (.array(let left), .array(let right)): left == right
        case (.object(let left), .object(let right)): left == right
        default: false
        }
    }
}
