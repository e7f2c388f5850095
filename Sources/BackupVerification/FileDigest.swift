import BackupModel
import BytePipeline

/// The SHA-256 of a whole file against the one its manifest has.
enum FileDigest {
    case notKnown
    case equal
    case different(String)

    @concurrent
    static func check(_ file: any RandomAccessBytes, expected: String?) async throws -> FileDigest {
        guard let expected else { return .notKnown }
        let found = try await file.summary().sha256
        return found == expected.lowercased() ? .equal : .different(found)
    }
}
