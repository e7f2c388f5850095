import BackupModel
import BackupTestKit

extension S3FaultCase {
    static let puttingLarge: [S3FaultCase] = [
        .init(.putLarge, "beginning fails once", [Fault(.create, .instead(broken))], .survived),
        .init(.putLarge, "begun, and the answer lost", [Fault(.create, .after(.close))], .survived),
        .init(.putLarge, "begun twice, and the answers lost", [Fault(.create, times: 2, .after(.reset))], .survived),
        .init(.putLarge, "begun, and said to have failed", [Fault(.create, .after(broken))], .survived),
        .init(.putLarge, "a part fails once", [Fault(.part, skipping: 1, .instead(broken))], .survived),
        .init(.putLarge, "two connections are reset", [Fault(.part, times: 2, .instead(.reset))], .survived),
        .init(.putLarge, "a part meets silence", [Fault(.part, skipping: 2, .instead(.silence))], .survived).meetingSilence,
        .init(
            .putLarge, "the server ends its direction alone while a part is sent", [Fault(.part, skipping: 1, .early(.mute))], .survived),
        .init(.putLarge, "completed, and the server's direction ends in the answer", [Fault(.complete, halfClosed(after: 60))], .survived),
        .init(.putLarge, "the server stops reading a part", [Fault(.part, .early(.silence))], .survived).meetingSilence,
        .init(.putLarge, "one bit of a part is another one when it arrives, once", [Fault(.part, skipping: 1, .damaging)], .survived),
        .init(
            .putLarge, "one bit of a part is another one whenever it arrives", [.always(.part, .damaging)],
            .reported(.storeFailed, ["400 BadDigest"])),
        .init(.putLarge, "parts are asked to slow down", [Fault(.part, times: 3, .instead(slow))], .survived),
        .init(.putLarge, "a part is stored and its answer lost", [Fault(.part, .after(.close))], .survived),
        .init(.putLarge, "credentials expire between parts", [Fault(.part, skipping: 1, .instead(expired))], .survived),
        .init(.putLarge, "completed, and the answer lost", [Fault(.complete, .after(.close))], .survived),
        .init(.putLarge, "completed, and said to have failed", [Fault(.complete, .after(broken))], .survived),
        .init(.putLarge, "completed, and the answer cut", [Fault(.complete, cut(after: 60))], .survived),
        .init(.putLarge, "completed, and the answer is empty", [Fault(.complete, .after(.answer(200)))], .survived),
        .init(
            .putLarge, "200 with an error inside, once",
            [Fault(.complete, .instead(.error(200, "InternalError", "We encountered an internal error.")))], .survived),
        .init(.putLarge, "200 asking to slow down, once", [Fault(.complete, .instead(.error(200, "SlowDown")))], .survived),
        .init(
            .putLarge, "200 with an error inside, always", [.always(.complete, .instead(.error(200, "InternalError")))],
            .reported(.storeFailed, ["began with success", "InternalError"])),
        .init(
            .putLarge, "a login page with status 200", [.always(.complete, .instead(.answer(200, portal)))],
            .reported(.storeFailed, ["makes no sense", "CompleteMultipartUploadResult"])),
        .init(
            .putLarge, "no permission to begin", [.always(.create, .instead(denied))],
            .reported(.storeFailed, ["access denied", "s3:PutObject"])),
        .init(
            .putLarge, "a part is refused before its body was read", [.always(.part, .early(denied))],
            .reported(.storeFailed, ["access denied", "s3:PutObject"])),
        .init(
            .putLarge, "beginning is answered with garbage", [.always(.create, .instead(.answer(200, "<Initiate")))],
            .reported(.storeFailed, ["makes no sense"])),
        .init(.putLarge, "a part always fails", [.always(.part, .instead(broken))], .reported(.storeFailed, ["500 InternalError"])),
        .init(.putLarge, "a part gets no tag", [.always(.part, header("ETag", nil))], .reported(.storeFailed, ["no entity tag"])),
        .init(
            .putLarge, "a part's checksum is another one", [.always(.part, header("x-amz-checksum-sha256", "AAAA"))],
            .reported(.storeFailed, ["did not arrive"])),
        .init(
            .putLarge, "the upload is aborted by somebody", [Fault(.part, skipping: 2, .instead(.error(404, "NoSuchUpload")))],
            .reported(.storeFailed, ["does not know its upload any more"])),
        .init(
            .putLarge, "the upload is gone at the end", [Fault(.complete, .instead(.error(404, "NoSuchUpload")))],
            .reported(.storeFailed, ["does not know the upload any more"])),
        .init(
            .putLarge, "somebody else stores it meanwhile", [Fault(.complete, rival(S3Errand.large))],
            .reported(.targetExists, [S3Errand.large])),
        .init(
            .putLarge, "the whole has another checksum",
            [
                Fault(
                    .complete,
                    .changing { reply in
                        guard case .answer(let status, let headers, let body) = reply else { return }
                        let text = String(decoding: body, as: UTF8.self).replacing("<ChecksumSHA256>", with: "<ChecksumSHA256>x")
                        reply = .answer(status, headers: headers, text)
                    })
            ], .reported(.storeFailed, ["did not arrive"])),
        .init(
            .putLarge, "said to be whole, and not there",
            [Fault(.head, skipping: 2, .before { $0.remove(S3Errand.prefix + S3Errand.large) })],
            .reported(.storeFailed, ["does not have it"])),
        .init(
            .putLarge, "said to be whole, and shorter", [Fault(.head, skipping: 2, header("Content-Length", "5"))],
            .reported(.storeFailed, ["5 bytes long"])),
        .init(
            .putLarge, "parts fail, and aborting fails once", [.always(.part, .instead(denied)), Fault(.abort, .instead(broken))],
            .reported(.storeFailed, ["access denied"])),
    ]
}
