package import DumpFormat

/// What a dump came to.
package struct DumpOutcome: Sendable {
    /// As it stands at the file's end.
    package let index: DumpIndex
    /// Where what the server called unchanged was read again and was not the same, what shows it. No rows were taken over then.
    package let difference: String?
    /// Why no rows were taken over, in the words of logs; nil where some were, where there are none, and where no dump was there to take them from.
    package let reason: String?
    /// Segments that were read for the audit and found equal; nil where it had nothing to read.
    package let auditedSegments: Int?
}
