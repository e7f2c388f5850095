import BackupModel
import BackupTestKit

@testable import ObjectStores

/// What may go wrong: in one request, in a session, elsewhere.
extension GCSFaultCase {
    private static let busy = GCSFault.refusal(503, "backendError", "We encountered an internal error.", headers: ["Retry-After": "3"])
    private static let tooMany = GCSFault.refusal(429, "rateLimitExceeded", "The object exceeded the rate limit.")
    private static let internalError = GCSFault.refusal(500, "internalError", "Internal")
    private static let denied = GCSFault.refusal(403, "forbidden", "x@y does not have storage.objects.create access.")
    private static let unauthorized = GCSFault.refusal(401, "authError", "Invalid Credentials")
    private static let gone = ScriptedReply.answer(410)

    static let uploads = documents + sessions

    private static let documents: [GCSFaultCase] = [
        .init("a document meets 503 twice", .putSmall, [.init(.document, .instead(busy), times: 2)]),
        .init("a document meets 429", .putSmall, [.init(.document, .instead(tooMany))]),
        .init("a document meets a reset", .putSmall, [.init(.document, .instead(.reset))]),
        .init("a document meets an early 503", .putSmall, [.init(.document, .early(busy))]),
        .init("a document's connection ends before its answer", .putSmall, [.init(.document, .instead(.close))]),
        .init("a document's server ends its direction alone", .putSmall, [.init(.document, .instead(.mute))]),
        .init("a document is stored, and the server ends its direction alone", .putSmall, [.init(.document, .afterwards(.mute))]),
        .init(
            "a document's server always ends its direction alone", .putSmall, [.init(.document, .instead(.mute), times: GCSFault.always)],
            .reported(.storeFailed, ["closed the connection"])),
        .init("a document's answer is lost", .putSmall, [.init(.document, .afterwards(.reset))]),
        .init(
            "a document's answer is half", .putSmall,
            [.init(.document, .afterwards(.truncated(200, body: Array("{\"name\"".utf8), after: 3)))]),
        .init("a document's answer never comes", .putSmall, [.init(.document, .afterwards(.silence))]),
        .init("a document is stored, and 503 said", .putSmall, [.init(.document, .afterwards(busy))]),
        .init(
            "a document meets 503 for ever", .putSmall, [.init(.document, .instead(busy), times: GCSFault.always)],
            .reported(.storeFailed, ["status 503", "tried several times", "BACKUP_GCS_RATE_LIMIT"])),
        .init(
            "a document meets 429 for ever", .putSmall, [.init(.document, .instead(tooMany), times: GCSFault.always)],
            .reported(.storeFailed, ["status 429", "BACKUP_GCS_RATE_LIMIT"])),
        .init(
            "a document meets a rate limit's 403 for ever", .putSmall,
            [.init(.document, .instead(GCSFault.refusal(403, "userRateLimitExceeded", "m")), times: GCSFault.always)],
            .reported(.storeFailed, ["status 403", "BACKUP_GCS_RATE_LIMIT"])),
        .init(
            "a document is stored, and its answer is lost for ever", .putSmall,
            [.init(.document, .afterwards(.reset), times: GCSFault.always)], .reported(.storeFailed, ["reset"])),
        .init(
            "a document is stored, and a login page says so", .putSmall, [.init(.document, .afterwards(.answer(200, "<html>")))],
            .reported(.storeFailed, ["not understood"])),
        .init(
            "a document is damaged on the way", .putSmall, [.init(.document, .damage)],
            .reported(.storeFailed, ["arrived damaged", "CRC32C"])),
        .init(
            "a document may not be stored", .putSmall, [.init(.document, .instead(denied), times: GCSFault.always)],
            .reported(.storeFailed, ["permission denied", "storage.objects.create", "roles/storage.objectCreator"])),
        .init(
            "a credential is refused", .putSmall, [.init(.document, .instead(unauthorized), times: GCSFault.always)],
            .reported(.storeFailed, ["authentication failed", "credentials of"])),
        .init(
            "a scope is missing", .putSmall, [.init(.document, .instead(GCSFault.refusal(403, "insufficientPermissions", "m")))],
            .reported(.storeFailed, ["permission denied", "scope"])),
        .init(
            "billing is off", .putSmall, [.init(.document, .instead(GCSFault.refusal(403, "accountDisabled", "m")))],
            .reported(.storeFailed, ["permission denied", "billing"])),
        .init(
            "the bucket is not there", .putSmall, [.init(.document, .instead(GCSFault.refusal(404, "notFound", "no bucket")))],
            .reported(.storeFailed, ["no such bucket", "BACKUP_GCS_BUCKET"])),
        .init("another writer is faster", .putSmall, [.init(.document, .overtaken)], .leftToTheOther),
        .init(
            "a login page answers", .putSmall, [.init(.document, .instead(.answer(200, "<html>Please sign in</html>")))],
            .reported(.storeFailed, ["not understood", "proxy"])),
        .init(
            "a redirect", .putSmall, [.init(.document, .instead(.answer(302, headers: ["Location": "http://127.0.0.1:1/"])))],
            .reported(.storeFailed, ["redirected"])),
    ]

    private static let sessions: [GCSFaultCase] = [
        .init("a session's beginning meets 503", .putLarge, [.init(.begin, .instead(busy))]),
        .init("a session's address is lost", .putLarge, [.init(.begin, .afterwards(.reset))]),
        .init(
            "a session has no address", .putLarge, [.init(.begin, .changed { headers, _ in headers["Location"] = nil })],
            .reported(.storeFailed, ["named no address"])),
        .init(
            "a session may not begin", .putLarge, [.init(.begin, .instead(denied))],
            .reported(.storeFailed, ["permission denied", "storage.objects.create"])),
        .init("the name is taken at the beginning", .putLarge, [.init(.begin, .overtaken)], .leftToTheOther),
        .init("a piece meets 503", .putLarge, [.init(.piece, .instead(busy))]),
        .init("a piece meets 503 when its head has come", .putLarge, [.init(.piece, .early(busy))]),
        .init("every piece meets a 500", .putLarge, [.init(.piece, .instead(internalError), times: 2)]),
        .init("a piece meets a reset", .putLarge, [.init(.piece, .instead(.reset))]),
        .init("the server ends its direction alone while a piece is sent", .putLarge, [.init(.piece, .early(.mute))]),
        .init("a piece is stored, and the server ends its direction alone", .putLarge, [.init(.piece, .afterwards(.mute))]),
        .init("a piece is stored and its answer lost", .putLarge, [.init(.piece, .afterwards(.reset))]),
        .init("a piece is stored and 502 said", .putLarge, [.init(.piece, .afterwards(.answer(502)))]),
        .init("a piece is stored by half", .putLarge, [.init(.piece, .keepOnly(256 << 10))]),
        .init(
            "a piece is stored by half, and then not at all", .putLarge, [.init(.piece, .keepOnly(256 << 10)), .init(.piece, .keepOnly(0))]),
        .init("a piece is not stored at all, once", .putLarge, [.init(.piece, .keepOnly(0))]),
        .init(
            "pieces are never stored", .putLarge, [.init(.piece, .keepOnly(0), times: GCSFault.always)],
            .reported(.storeFailed, ["takes no more of it"])),
        .init("a piece stands still", .putLarge, [.init(.piece, .instead(.silence))]),
        .init("a question meets 503 too", .putLarge, [.init(.piece, .instead(busy)), .init(.query, .instead(busy))]),
        .init(
            "what was stored is lost again", .putLarge, [.init(.piece, .forget(0)), .init(.piece, .forget(GCSScene.piece))],
            .reported(.storeFailed, ["hole"])),
        .init(
            "the server says it has more than was sent", .putLarge,
            [.init(.piece, .changed { headers, _ in headers["Range"] = "bytes=0-99999999" })], .reported(.storeFailed, ["never sent"])),
        .init(
            "the server's range is nonsense", .putLarge, [.init(.piece, .changed { headers, _ in headers["Range"] = "bytes=lots" })],
            .reported(.storeFailed, ["never sent"])),
        .init(
            "the session is lost", .putLarge, [.init(.piece, .loseSession)], .reported(.storeFailed, ["session is gone"])),
        .init("the session has expired", .putLarge, [.init(.piece, .instead(gone))], .reported(.storeFailed, ["session is gone"])),
        .init(
            "a piece is taken for the last", .putLarge,
            [.init(.piece, .instead(.answer(200, #"{"name": "a", "size": "5", "generation": "1"}"#)))],
            .reported(.storeFailed, ["before its last piece"])),
        .init("the last piece meets 503", .putLarge, [.init(.lastPiece, .instead(busy))]),
        .init("the last piece is stored, and the server ends its direction alone", .putLarge, [.init(.lastPiece, .afterwards(.mute))]),
        .init("the last piece's answer is lost", .putLarge, [.init(.lastPiece, .afterwards(.reset))]),
        .init("the last piece's answer stands still", .putLarge, [.init(.lastPiece, .afterwards(.silence))]),
        .init("the last piece is stored and 500 said", .putLarge, [.init(.lastPiece, .afterwards(internalError))]),
        .init(
            "the last piece is stored, 503 said, and then the session is gone", .putLarge,
            [.init(.lastPiece, .afterwards(busy)), .init(.query, .loseSession)]),
        .init(
            "the object is damaged on the way", .putLarge, [.init(.lastPiece, .damage)],
            .reported(.storeFailed, ["arrived damaged", "CRC32C"])),
        .init("another writer ends first", .putLarge, [.init(.lastPiece, .overtaken)], .leftToTheOther),
        .init(
            "the last piece is never answered, though it arrived", .putLarge,
            [.init(.lastPiece, .afterwards(.reset), times: GCSFault.always), .init(.query, .instead(.reset), times: GCSFault.always)],
            .reported(.storeFailed, ["reset"])),
        .init(
            "a failed upload cannot be cancelled either", .putLarge,
            [.init(.piece, .instead(denied)), .init(.cancel, .instead(busy))], .reported(.storeFailed, ["permission denied"])),
    ]

    static let others: [GCSFaultCase] = [
        .init("facts meet 503", .read, [.init(.facts, .instead(busy))]),
        .init("media meet 429 and a reset", .read, [.init(.media, .instead(tooMany)), .init(.media, .instead(.reset))]),
        .init("media break off", .read, [.init(.media, .instead(.truncated(206, body: before, after: 300)))]),
        .init("media end with the server's direction alone", .read, [.init(.media, .instead(.halfClosed(206, body: before, after: 300)))]),
        .init("media stand still", .read, [.init(.media, .instead(.stalled(206, body: before, after: 300)))]),
        .init(
            "media are damaged", .read, [.init(.media, .changed { _, body in body[500] ^= 1 })],
            .reported(.storeFailed, ["arrived damaged", "CRC32C"])),
        .init(
            "media are another range", .readRange,
            [.init(.media, .changed { headers, _ in headers["Content-Range"] = "bytes 0-199/1000" })],
            .reported(.storeFailed, ["bytes 0-199/1000"])),
        .init("media ignore the range", .readRange, [.init(.media, .instead(.answer(200, body: before)))]),
        .init(
            "media ignore the range and are too short", .readRange, [.init(.media, .instead(.answer(200, body: [1, 2])))],
            .reported(.storeFailed, ["2 bytes"])),
        .init(
            "reading is denied", .read, [.init(.facts, .instead(denied))],
            .reported(.storeFailed, ["storage.objects.get", "permission denied"])),
        .init("facts are nonsense", .read, [.init(.facts, .instead(.answer(200, "{}")))], .reported(.storeFailed, ["not understood"])),
        .init("a listing meets 500", .list, [.init(.list, .instead(internalError))]),
        .init(
            "a listing ends with the server's direction alone", .list,
            [.init(.list, .instead(.halfClosed(200, body: Array("{\"items\": [".utf8), after: 5)))]),
        .init("a listing breaks off", .list, [.init(.list, .instead(.truncated(200, body: Array("{\"items\": [".utf8), after: 5)))]),
        .init(
            "a listing never ends", .list,
            [.init(.list, .changed { _, body in body = Array(#"{"nextPageToken": "1"}"#.utf8) }, times: 2)],
            .reported(.storeFailed, ["listed without end"])),
        .init(
            "listing is denied", .list, [.init(.list, .instead(denied))],
            .reported(.storeFailed, ["storage.objects.list", "permission denied"])),
        .init(
            "a listing has no bucket", .list, [.init(.list, .instead(.answer(404)))], .reported(.storeFailed, ["no such bucket"])),
        .init("a deletion meets 503", .delete, [.init(.delete, .instead(busy))]),
        .init("a deletion's answer is lost", .delete, [.init(.delete, .afterwards(.reset))]),
        .init(
            "deleting is denied", .delete, [.init(.delete, .instead(denied))],
            .reported(.storeFailed, ["storage.objects.delete", "permission denied"])),
        .init(
            "deleting is refused by a hold", .delete,
            [.init(.delete, .instead(GCSFault.refusal(403, "objectUnderActiveHold", "under active Event-Based hold")))],
            .reported(.objectLocked, ["Event-Based hold"])),
        .init("an update's answer is lost", .update, [.init(.document, .afterwards(.reset))]),
        .init(
            "changing is denied", .update, [.init(.document, .instead(denied))],
            .reported(.storeFailed, ["storage.objects.create and storage.objects.delete"])),
        .init("reading for a change meets 503", .update, [.init(.media, .instead(busy))]),
    ]
}
