import BackupModel
import BackupTestKit

extension S3FaultCase {
    static let puttingSmall: [S3FaultCase] = [
        .init(.putSmall, "an internal error once", [Fault(.put, .instead(broken))], .survived),
        .init(.putSmall, "asked to slow down twice", [Fault(.put, times: 2, .instead(slow))], .survived),
        .init(.putSmall, "429 with a time to wait", [Fault(.put, .instead(.answer(429, headers: ["Retry-After": "7"])))], .survived),
        .init(.putSmall, "the connection is closed before an answer", [Fault(.put, .instead(.close))], .survived),
        .init(.putSmall, "the connection is reset", [Fault(.put, .instead(.reset))], .survived),
        .init(.putSmall, "the server ends its direction alone, without an answer", [Fault(.put, .instead(.mute))], .survived),
        .init(.putSmall, "it is stored, and the server ends its direction alone", [Fault(.put, .after(.mute))], .survived),
        .init(
            .putSmall, "the server always ends its direction alone", [.always(.put, .instead(.mute))],
            .reported(.storeFailed, ["closed the connection"])),
        .init(.putSmall, "the server falls silent", [Fault(.put, .instead(.silence))], .survived).meetingSilence,
        .init(.putSmall, "it is stored, and the answer lost", [Fault(.put, .after(.close))], .survived),
        .init(.putSmall, "it is stored, and said to have failed", [Fault(.put, .after(broken))], .survived),
        .init(.putSmall, "it is stored, and nothing ever said", [Fault(.put, .after(.silence))], .survived).meetingSilence,
        .init(.putSmall, "the body arrives damaged once", [Fault(.put, .instead(.error(400, "BadDigest")))], .survived),
        .init(.putSmall, "one bit is another one when it arrives, once", [Fault(.put, .damaging)], .survived),
        .init(
            .putSmall, "one bit is another one whenever it arrives", [.always(.put, .damaging)],
            .reported(.storeFailed, ["400 BadDigest"])),
        .init(.putSmall, "the look before fails once", [Fault(.head, .instead(.answer(500)))], .survived),
        .init(.putSmall, "credentials expire", [Fault(.put, .instead(expired))], .survived),
        .init(.putSmall, "a success without a tag, of what is stored", [Fault(.put, header("ETag", nil))], .survived),
        .init(
            .putSmall, "credentials stay expired", [.always(.put, .instead(expired))],
            .reported(.storeFailed, ["authentication", "credentials", "expired", "the test"])),
        .init(
            .putSmall, "no permission to write", [.always(.put, .instead(denied))],
            .reported(.storeFailed, ["access denied", "permission", "s3:PutObject", "the test", "AK1", "call-center-admin storage check"])),
        .init(
            .putSmall, "internal errors only", [.always(.put, .instead(broken))],
            .reported(.storeFailed, ["500 InternalError", "We encountered an internal error."])),
        .init(
            .putSmall, "asked to slow down for ever", [.always(.put, .instead(slow))],
            .reported(.storeFailed, ["503 SlowDown", "RATE_LIMIT"])),
        .init(.putSmall, "silence only", [.always(.put, .instead(.silence))], .reported(.stalled, ["no byte moved"])).meetingSilence,
        .init(.putSmall, "closed connections only", [.always(.put, .instead(.close))], .reported(.storeFailed, ["closed the connection"])),
        .init(
            .putSmall, "it is stored, and every answer lost", [.always(.put, .after(.close))],
            .reported(.storeFailed, ["closed the connection"])),
        .init(
            .putSmall, "the server computed another checksum", [Fault(.put, header("x-amz-checksum-sha256", "AAAA"))],
            .reported(.storeFailed, ["did not arrive", "checksum"])),
        .init(
            .putSmall, "the clock is wrong",
            [.always(.put, .instead(.error(403, "RequestTimeTooSkewed", headers: ["Date": "Sat, 14 Feb 2026 02:20:00 GMT"])))],
            .reported(.storeFailed, ["authentication denied", "clock", "20 min 00 s behind"])),
        .init(
            .putSmall, "the clock is wrong, and the code is that of a denial",
            [
                .always(
                    .put,
                    .instead(.error(403, "AccessDenied", "The difference between the request time and the server's time is too large.")))
            ],
            .reported(.storeFailed, ["authentication denied", "clock"])),
        .init(
            .putSmall, "the key is unknown", [.always(.put, .instead(.error(403, "InvalidAccessKeyId")))],
            .reported(.storeFailed, ["authentication failed", "AK1", "the test", "call-center-admin storage check"])),
        .init(
            .putSmall, "the secret is wrong", [.always(.put, .instead(.error(403, "SignatureDoesNotMatch")))],
            .reported(.storeFailed, ["authentication failed", "secret", "credential"])),
        .init(
            .putSmall, "there is no bucket", [.always(.put, .instead(.error(404, "NoSuchBucket")))],
            .reported(.storeFailed, ["no such bucket", "BACKUP_S3_BUCKET"])),
        .init(
            .putSmall, "the bucket is in another region",
            [
                .always(
                    .put,
                    .instead(
                        .error(
                            301, "PermanentRedirect", more: "<Endpoint>backups.s3.eu-central-1.amazonaws.com</Endpoint>",
                            headers: ["x-amz-bucket-region": "eu-central-1"])))
            ], .reported(.storeFailed, ["eu-central-1, not in eu-west-9", "AWS_REGION=eu-central-1"])),
        .init(
            .putSmall, "the region of the signature is wrong",
            [.always(.put, .instead(.error(400, "AuthorizationHeaderMalformed", more: "<Region>us-west-2</Region>")))],
            .reported(.storeFailed, ["us-west-2", "AWS_REGION=us-west-2"])),
        .init(
            .putSmall, "a redirect to a login page",
            [.always(.put, .instead(.answer(302, headers: ["Location": "http://login.example.com/"], portal)))],
            .reported(.storeFailed, ["redirects to http://login.example.com/", "not followed"])),
        .init(
            .putSmall, "a login page with status 200", [.always(.put, .instead(.answer(200, portal)))],
            .reported(.storeFailed, ["makes no sense"])),
        .init(.putSmall, "something that is no HTTP", [.always(.put, .instead(smtp))], .reported(.storeFailed, ["no HTTP"])),
        .init(
            .putSmall, "the server's disk is full",
            [.always(.put, .instead(.error(507, "XMinioStorageFull", "Storage backend has reached its limit")))],
            .reported(.outOfSpace, ["reached its limit"])),
        .init(
            .putSmall, "somebody else stores it meanwhile", [Fault(.put, rival(S3Errand.small))], .reported(.targetExists, [S3Errand.small])
        ),
        .init(
            .putSmall, "somebody else is storing it", [.always(.put, .instead(.error(409, "ConditionalRequestConflict")))],
            .reported(.storeFailed, ["at the same time"])),
        .init(
            .putSmall, "no permission to use the key of the encryption",
            [.always(.put, .instead(.error(403, "AccessDenied", "User is not authorized to perform: kms:GenerateDataKey")))],
            .reported(.storeFailed, ["access denied", "kms:GenerateDataKey"])),
    ]
}
