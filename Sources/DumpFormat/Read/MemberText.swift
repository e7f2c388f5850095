/// The text of one member, as a value that can be handed to another thread.
///
/// The memory behind it is used again for the next member once nobody holds this any more.
package struct MemberText: Sendable {
    let storage: [UInt8]
    package let count: Int

    package func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try storage.withUnsafeBytes { try body(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
    }
}

/// One member of a run and its place.
package struct Member: Sendable {
    /// From zero within its run.
    package let number: Int
    /// In bytes from the start of the file.
    package let offset: Int64
    package let compressedBytes: Int
    package let text: MemberText
}
