import NIOHTTP1

/// What an upload session has stored so far, by its answer of status 308 ("Perform resumable uploads" of Google's documentation). Pure.
enum UploadProgress {
    /// The number of bytes that need not be sent again: one more than the end of the Range header, none without one.
    /// - Returns: nil for a header nobody understands.
    static func stored(_ headers: HTTPHeaders) -> Int64? {
        guard let range = headers.first(name: "range") else { return 0 }
        let parts = range.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0] == "bytes" else { return nil }
        let ends = parts[1].split(separator: "-", omittingEmptySubsequences: false).map { Int64($0) }
        guard ends.count == 2, ends[0] == 0, let last = ends[1], last >= 0, last < Int64.max else { return nil }
        return last + 1
    }

    /// The Content-Range of a piece; `total` is known with the last one.
    static func range(at offset: Int64, count: Int, total: Int64?) -> String {
        let size = total.map { "\($0)" } ?? "*"
        return count == 0 ? "bytes */\(size)" : "bytes \(offset)-\(offset + Int64(count) - 1)/\(size)"
    }
}
