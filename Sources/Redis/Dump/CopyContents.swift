import BackupModel
import BytePipeline
import RDBFormat

/// What is in a copy, read while it arrives: so it is proved before anybody calls it whole.
struct CopyContents: Sendable {
    let file: ByteSummary
    let summary: RDBSummary

    /// - Throws: `BackupError` with `.verificationFailed` when the bytes are no whole RDB file.
    init(of pieces: PieceQueue, from server: RedisEndpoint) async throws {
        let digest = DigestingSink(Nowhere())
        var survey = RDBSurvey()
        do {
            while let piece = try await pieces.next() {
                try await digest.write(piece)
                try piece.withUnsafeBytes { try survey.read($0) }
            }
            summary = try survey.finish()
        } catch let error as RDBFormatError {
            throw BackupError(
                .verificationFailed, "what Redis at \(server) sent is no whole RDB file: \(error)",
                hint: "Take the backup again; if it happens again, check the server's memory and its own dump.rdb with redis-check-rdb.",
                cause: error)
        }
        file = digest.summary
    }

    /// What keeps the proof from being complete.
    var remarks: [String] {
        var remarks: [String] = []
        if summary.checksum == .disabled {
            remarks.append("the server writes no checksums (rdbchecksum no): only the copy's structure is proved")
        }
        if let unknown = summary.notUnderstood { remarks.append("the copy is not understood from here on, and so not proved: \(unknown)") }
        return remarks
    }
}

/// For bytes that are only counted and digested.
private struct Nowhere: ByteSink {
    func write(_ bytes: [UInt8]) async throws {}
}
