/// A module's type: nine letters and the version of its encoding, packed in 64 bits.
package struct RDBModule: Sendable, Equatable {
    package var id: UInt64

    /// Nine characters, six bits each, from the top.
    package var name: String {
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
        let indices = stride(from: 58, through: 10, by: -6).map { Int(id >> UInt64($0) & 0x3F) }
        return String(decoding: indices.map { letters[$0] }, as: UTF8.self)
    }
}

/// One value that a module wrote.
package enum RDBModuleValue {
    case signed(Int64)
    case unsigned(UInt64)
    case float(Float)
    case double(Double)
    case string(UnsafeRawBufferPointer)
}
