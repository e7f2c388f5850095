/// The only place where names and values are quoted for SQL.
package enum SQL {
    /// A quoted identifier (PostgreSQL documentation, "Lexical Structure": a quote inside is doubled).
    package static func identifier(_ name: String) -> String {
        String(decoding: identifier(Array(name.utf8)), as: UTF8.self)
    }

    /// The same on bytes in the server's encoding; every server encoding keeps ASCII bytes for ASCII characters only.
    package static func identifier(_ name: [UInt8]) -> [UInt8] {
        quoted(name, by: UInt8(ascii: "\""))
    }

    /// `"schema"."name"`.
    package static func qualified(_ schema: String, _ name: String) -> String {
        identifier(schema) + "." + identifier(name)
    }

    package static func qualified(_ schema: [UInt8], _ name: [UInt8]) -> [UInt8] {
        identifier(schema) + [UInt8(ascii: ".")] + identifier(name)
    }

    /// A string literal that reads the same whatever `standard_conforming_strings` says.
    package static func literal(_ value: String) -> String {
        let text = String(decoding: quoted(Array(value.utf8), by: UInt8(ascii: "'")), as: UTF8.self)
        guard value.contains("\\") else { return text }
        return "E" + text.replacing("\\", with: "\\\\")
    }

    private static func quoted(_ bytes: [UInt8], by quote: UInt8) -> [UInt8] {
        var result = [quote]
        for byte in bytes {
            if byte == quote { result.append(quote) }
            result.append(byte)
        }
        result.append(quote)
        return result
    }
}
