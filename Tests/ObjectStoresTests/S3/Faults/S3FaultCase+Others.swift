import BackupModel
import BackupTestKit

extension S3FaultCase {
    /// That a bit of what is read is another one no server says of a range: the files notice it themselves (`DamagedAnswersTests`).
    static let reading: [S3FaultCase] = [
        .init(.read, "the body is cut once", [Fault(.get, cut(after: 30_000))], .survived),
        .init(.read, "the body is cut three times", [Fault(.get, times: 3, cut(after: 9000))], .survived),
        .init(.read, "the server's direction ends in the body, and only that", [Fault(.get, halfClosed(after: 20_000))], .survived),
        .init(
            .read, "the server's direction always ends in the body", [.always(.get, halfClosed(after: 10))],
            .reported(.storeFailed, ["middle of the answer"])),
        .init(.read, "the body stalls once", [Fault(.get, cut(after: 20_000, stalling: true))], .survived).meetingSilence,
        .init(.read, "the connection is reset", [Fault(.get, .instead(.reset))], .survived),
        .init(.read, "an internal error once", [Fault(.get, .instead(broken))], .survived),
        .init(.read, "asked to slow down", [Fault(.get, .instead(slow))], .survived),
        .init(.read, "credentials expire", [Fault(.get, .instead(expired))], .survived),
        .init(.read, "the body is always cut", [.always(.get, cut(after: 10))], .reported(.storeFailed, ["middle of the answer"])),
        .init(
            .read, "the object is replaced meanwhile",
            [Fault(.get, .before { $0.store(S3Errand.prefix + S3Errand.large, .init(bytes: S3Errand.strangers)) })],
            .reported(.storeFailed, ["was changed while it was read"])),
        .init(.read, "the tag is another one", [Fault(.get, header("ETag", "\"x\""))], .reported(.storeFailed, ["was changed"])),
        .init(
            .read, "another range than asked for", [.always(.get, header("Content-Range", "bytes 0-59999/98304"))],
            .reported(.storeFailed, ["makes no sense", "range"])),
        .init(
            .read, "the server ignores ranges", [.always(.get, .instead(.answer(200, body: S3Errand.largeBytes)))],
            .reported(.storeFailed, ["longer than"])),
        .init(
            .read, "the object is deleted meanwhile", [Fault(.get, .before { $0.remove(S3Errand.prefix + S3Errand.large) })],
            .reported(.artifactMissing, [S3Errand.large])),
        .init(
            .read, "no permission to read", [.always(.get, .instead(denied)), .always(.head, .instead(.answer(403)))],
            .reported(.storeFailed, ["access denied", "s3:GetObject"])),
        .init(
            .read, "it lies in an archive", [.always(.get, .instead(.error(403, "InvalidObjectState")))],
            .reported(.storeFailed, ["archive", "`aws --endpoint-url http://127.0.0.1:", " s3api restore-object`"])),
        .init(.read, "the object has no length", [.always(.head, header("Content-Length", "none"))], .reported(.storeFailed, [])),
    ]

    static let others: [S3FaultCase] = [
        .init(.list, "nothing goes wrong, over two pages", [], .survived),
        .init(.list, "an internal error on the second page", [Fault(.list, skipping: 1, .instead(broken))], .survived),
        .init(.list, "the server's direction ends in a page", [Fault(.list, halfClosed(after: 100))], .survived),
        .init(.list, "a page is cut", [Fault(.list, cut(after: 100))], .survived),
        .init(
            .list, "a login page", [.always(.list, .instead(.answer(200, portal)))], .reported(.storeFailed, ["makes no sense", "html"])),
        .init(.list, "an empty answer", [.always(.list, .instead(.answer(200)))], .reported(.storeFailed, ["nothing came"])),
        .init(
            .list, "XML that does not end", [.always(.list, .instead(.answer(200, "<ListBucketResult><Contents><Key>a</Key>")))],
            .reported(.storeFailed, ["damaged"])),
        .init(
            .list, "an entry without a size",
            [
                .always(
                    .list,
                    .instead(
                        .answer(
                            200,
                            "<ListBucketResult><Contents><Key>a</Key><LastModified>2026-02-14T02:00:00.000Z</LastModified></Contents></ListBucketResult>"
                        )))
            ],
            .reported(.storeFailed, ["damaged"])),
        .init(
            .list, "a page that names no next one",
            [.always(.list, .instead(.answer(200, "<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>")))],
            .reported(.storeFailed, ["no next page"])),
        .init(
            .list, "pages without end",
            [
                .always(
                    .list,
                    .instead(
                        .answer(
                            200,
                            "<ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>x</NextContinuationToken></ListBucketResult>"
                        )))
            ],
            .reported(.storeFailed, ["no next page"])),
        .init(
            .list, "no permission to list", [.always(.list, .instead(denied))], .reported(.storeFailed, ["access denied", "s3:ListBucket"])),
        .init(.delete, "deleted, and the answer lost", [Fault(.delete, .after(.close))], .survived),
        .init(.delete, "deleted, and the server ends its direction alone", [Fault(.delete, .after(.mute))], .survived),
        .init(.delete, "an internal error once", [Fault(.delete, .instead(broken))], .survived),
        .init(
            .delete, "somebody else deletes it first",
            [Fault(.delete, .instead(.error(404, "NoSuchKey"))), Fault(.head, .before { $0.remove(S3Errand.prefix + S3Errand.large) })],
            .survived),
        .init(
            .delete, "no permission to delete", [.always(.delete, .instead(denied))],
            .reported(.storeFailed, ["access denied", "s3:DeleteObject"])),
        .init(
            .delete, "locked until a date",
            [
                Fault(
                    .head,
                    .changing { reply in
                        guard case .answer(let status, var headers, let body) = reply else { return }
                        headers["x-amz-object-lock-mode"] = "COMPLIANCE"
                        headers["x-amz-object-lock-retain-until-date"] = "2026-03-01T00:00:00.000Z"
                        reply = .answer(status, headers: headers, body: body)
                    })
            ], .reported(.objectLocked, ["locked until 2026-03-01 00:00:00Z", "compliance"])),
        .init(
            .delete, "under a legal hold", [Fault(.head, header("x-amz-object-lock-legal-hold", "ON"))],
            .reported(.objectLocked, ["legal hold"])),
        .init(.update, "written, and the answer lost", [Fault(.put, .after(.close))], .survived),
        .init(.update, "one bit is another one when it arrives, once", [Fault(.put, .damaging)], .survived),
        .init(.update, "an internal error once", [Fault(.put, .instead(broken))], .survived),
        .init(.update, "the condition fails once", [Fault(.put, .instead(.error(412, "PreconditionFailed")))], .survived),
        .init(
            .update, "the condition always fails", [.always(.put, .instead(.error(412, "PreconditionFailed")))],
            .reported(.storeFailed, ["changed by others all the time"])),
        .init(
            .update, "no permission to write", [.always(.put, .instead(denied))],
            .reported(.storeFailed, ["access denied", "s3:PutObject"])),
    ]
}
