import BackupModel
import Crypto
import FoundationEssentials
import NIOCore

/// Whether the server finds out by itself that what arrives is not what was sent.
extension S3TrialStore {
    /// What was refused of two requests that bring other bytes than they say: an object, and a part of an upload.
    struct Refusals: Sendable {
        var whole: Bool
        var part: Bool

        var all: Bool { whole && part }
    }

    func checksums(_ key: String) async throws -> Trial {
        try await cleaning(key) { upload in
            let byChecksum = try await refusals(key, upload) { request, digest in
                request.headers.append(("x-amz-checksum-sha256", Data(digest).base64EncodedString()))
                request.headers.append(("x-amz-sdk-checksum-algorithm", "SHA256"))
            }
            guard !byChecksum.all else { return Self.checksumTrial(byChecksum: byChecksum) }
            let bySignature = try await refusals(key, upload) { request, digest in request.payloadHash = digest.hexadecimal }
            return Self.checksumTrial(byChecksum: byChecksum, bySignature: bySignature)
        }
    }

    /// - Parameter saying: has the request say the digest of the bytes that were meant.
    private func refusals(
        _ key: String, _ upload: String, saying: (inout S3Request, SHA256Digest) -> Void
    ) async throws -> Refusals {
        let headers = store.storageHeaders(token: S3Store.freshToken(), lock: nil)
        let (meant, arriving) = (ByteBuffer(string: "as it was sent\n").sha256, ByteBuffer(string: "as it wAs sent\n"))
        var whole = S3Request(.put, key, headers: headers, body: arriving)
        saying(&whole, meant)
        var part = S3Request(.uploadPart, key, query: [("partNumber", "1"), ("uploadId", upload)], body: arriving)
        saying(&part, meant)
        return Refusals(whole: try await isRefused(whole), part: try await isRefused(part))
    }

    /// Other requests try again what arrived damaged; here that is the answer.
    private func isRefused(_ request: S3Request) async throws -> Bool {
        let renewal = Renewal()
        let answer = try await store.client.retrier.run { _ in
            try await store.client.attempt(request, expecting: [400, 422], renewal)
        }
        guard !S3Refusal(answer).saysExpired else {
            throw BackupError(.storeFailed, "the credentials expired while it was tried", hint: "Run this again.", obstacle: .credentials)
        }
        return !answer.isSuccess
    }

    /// - Parameter bySignature: nil: not tried, as the checksum does.
    static func checksumTrial(byChecksum: Refusals, bySignature: Refusals? = nil) -> Trial {
        if byChecksum.all {
            return Trial("checksums", "what is damaged on its way is refused by its SHA-256, at once and in parts, so it is sent again")
        }
        let place = byChecksum.whole ? " of parts" : byChecksum.part ? " of whole objects" : ""
        let ignored = "this server ignores x-amz-checksum-sha256\(place)"
        if bySignature?.all == true {
            return Trial(
                "checksums", "\(ignored); what is damaged on its way is refused by the hash that is signed, and no checksum of it is kept",
                .lacking(hint: "Backups do without it: each one is held against the SHA-256 of its manifest when it is verified."))
        }
        return Trial(
            "checksums", "\(ignored), and the hash that is signed: what is damaged on its way is stored as if it were whole",
            .lacking(hint: unprotected))
    }

    private static let unprotected =
        "Use an https:// endpoint, which notices damage on the line, and let copies be verified again (BACKUP_REVERIFY_INTERVAL): only "
        + "verification finds what was damaged here."
}
