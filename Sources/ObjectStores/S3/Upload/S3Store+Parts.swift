extension S3Store {
    /// Hands over the parts an unfinished upload has, page by page, with the answer they came in.
    /// - Parameter tolerating: S3's words for which nothing is listed.
    /// - Returns: false where there is no such upload any more, or nothing may be listed.
    func listParts(
        of key: String, upload: String, tolerating: Set<String> = [], _ take: ([S3Parts.Entry], HTTPAnswer) -> Void
    ) async throws -> Bool {
        var marker: Int?
        while true {
            var query = [("uploadId", upload)]
            if let marker { query.append(("part-number-marker", "\(marker)")) }
            let request = S3Request(.listParts, key, query: query)
            let answer = try await client.send(request, expecting: [404], tolerating: tolerating)
            guard answer.isSuccess else { return false }
            let page = try decode(S3Parts.self, root: S3Parts.root, "ListPartsResponse", from: answer, request)
            take(page.part ?? [], answer)
            guard page.isTruncated == true else { return true }
            guard let next = page.nextPartNumberMarker, next > marker ?? 0 else { throw endless(.listParts, "a page names no next one") }
            marker = next
        }
    }

    /// Which of the parts are not what the upload has under their numbers. None where the server does not list parts: then completing tells.
    func replaced(_ parts: [S3Part], of key: String, upload: String) async throws -> Set<Int> {
        let sent = Dictionary(parts.map { ($0.number, $0) }) { $1 }
        var replaced: Set<Int> = []
        _ = try await listParts(of: key, upload: upload, tolerating: ["AccessDenied", "NotImplemented"]) { found, _ in
            for entry in found where sent[entry.partNumber].map({ !$0.isSame(as: entry) }) == true { replaced.insert(entry.partNumber) }
        }
        return replaced
    }
}

extension S3Part {
    /// By the SHA-256 where the server says it, else by the tag, which some put into quotes here and not there.
    fileprivate func isSame(as entry: S3Parts.Entry) -> Bool {
        if let found = entry.checksumSHA256 { return found == checksum }
        guard let found = entry.eTag else { return true }
        return found.filter { $0 != "\"" } == tag.filter { $0 != "\"" }
    }
}
