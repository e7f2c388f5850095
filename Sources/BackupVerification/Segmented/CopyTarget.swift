/// The table a COPY statement loads.
enum CopyTarget {
    /// Schema and name without quotes, as in `COPY "public"."calls" (…`; nil where there is no such statement.
    static func name(in text: UnsafeRawBufferPointer) -> String? {
        guard text.count > 5 else { return nil }
        var name: [UInt8] = []
        var isQuoted = false
        for byte in text[5...] {
            if byte == UInt8(ascii: "\"") {
                isQuoted.toggle()
            } else if byte == UInt8(ascii: " "), !isQuoted {
                return String(decoding: name, as: UTF8.self)
            } else {
                name.append(byte)
            }
        }
        return nil
    }
}
