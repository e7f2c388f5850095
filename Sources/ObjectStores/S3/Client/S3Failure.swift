import BackupModel

/// What answers of S3 mean to an operator. Each names the source of the credentials where they are the matter, and the permission that is missing.
enum S3Failure {
    static func error(_ failure: HTTPFailure, _ request: S3Request, _ client: S3Client) -> BackupError {
        let what = "cannot \(subject(request, client))"
        switch failure.kind {
        case .stalled:
            return BackupError(
                .stalled, "\(what): \(failure.reason) at \(client.address.origin)",
                hint: "Look at the network and at the server; other programs may be using the line.", cause: failure)
        case .unreachable, .barred:
            return BackupError(
                .storeFailed, "\(what): \(client.address.origin) cannot be reached: \(failure.reason)",
                hint: "Check AWS_ENDPOINT_URL_S3 and AWS_REGION, name resolution, firewalls and proxies.", cause: failure,
                obstacle: .unreachable)
        case .untrusted:
            return BackupError(
                .storeFailed, "\(what): \(client.address.origin): \(failure.reason)",
                hint: "Where the server's certificate is signed by an authority of your own, name its file in AWS_CA_BUNDLE.",
                cause: failure)
        case .withoutTLS:
            return BackupError(
                .storeFailed, "\(what): \(client.address.host) does not speak TLS; the endpoint may be http://",
                hint: "Mend AWS_ENDPOINT_URL_S3: http:// instead of https://, or the port that speaks TLS.")
        case .brokenOff, .oversized, .garbled:
            return BackupError(
                .storeFailed, "\(what): \(failure.reason) at \(client.address.origin)",
                hint: "Check that an S3 server listens there (AWS_ENDPOINT_URL_S3), and its log.", cause: failure)
        }
    }

    /// An answer that is a success by its status and no sense in itself.
    static func nonsense(_ error: any Error, _ request: S3Request, _ client: S3Client) -> BackupError {
        BackupError(
            .storeFailed, "cannot \(subject(request, client)): the answer of \(client.address.origin) makes no sense: \(error)",
            hint: "Check that an S3 server listens there and no other program in between answers for it.")
    }

    static func error(
        _ refusal: S3Refusal, _ answer: HTTPAnswer, _ request: S3Request, _ credentials: AWSCredentials, _ client: S3Client
    ) -> BackupError {
        let what = "cannot \(subject(request, client))"
        // Some servers say so under the code of a plain denial.
        let isSkewed = refusal.code == "RequestTimeTooSkewed" || refusal.message.contains("difference between the request time")
        if isSkewed { return skewed(what, answer, client) }
        if let error = wrongCredentials(what, refusal, credentials, client) { return error }
        if let error = wrongPlace(what, refusal, client) { return error }
        switch (refusal.code, refusal.status) {
        case ("AllAccessDisabled", _), ("AccountProblem", _):
            return BackupError(
                .storeFailed, "\(what): access denied: \(words(refusal))", hint: "Ask the owner of the account.",
                obstacle: .denied)
        case ("InvalidObjectState", _):
            return BackupError(
                .storeFailed, "\(what): it lies in an archive class and has to be restored there first",
                hint:
                    "Run `aws\(client.address.programOptions) s3api restore-object`, wait, and try again; choose BACKUP_S3_STORAGE_CLASS=GLACIER_IR to read at once."
            )
        case ("AccessDenied", _), (_, 403), (_, 401): return denied(what, refusal, request, credentials, client)
        case ("NoSuchBucket", _):
            return BackupError(
                .storeFailed, "\(what): there is no such bucket at \(client.address.origin)",
                hint:
                    "Check the bucket's name in \(client.address.bucketOrigin.text("BACKUP_S3_BUCKET")), or make the bucket; backups never make one.",
                obstacle: .bucketMissing)
        case ("NoSuchUpload", _):
            return BackupError(
                .storeFailed, "\(what): the server does not know its upload any more",
                hint: "Find out who aborts uploads: a rule AbortIncompleteMultipartUpload of the bucket's lifecycle, or another program.")
        case ("NoSuchKey", _), (_, 404): return missing(request.key ?? "", client)
        case ("InsufficientStorage", _), ("XMinioStorageFull", _), ("QuotaExceeded", _), ("EntityTooLarge", _), (_, 507):
            return BackupError(
                .outOfSpace, "\(what): \(words(refusal))", hint: "Free space at the server, or have the quota of the bucket raised.")
        case ("NotImplemented", _), (_, 501):
            return BackupError(
                .storeFailed, "\(what): the server does not know this request: \(words(refusal))",
                hint: StoreCheck.look)
        default:
            return BackupError(.storeFailed, "\(what): the server answered \(words(refusal))", hint: hint(for: refusal, client))
        }
    }

    static func missing(_ key: String, _ client: S3Client) -> BackupError {
        BackupError(
            .artifactMissing, "there is no \(key) in \(client.name)", hint: "See what exists with `call-center-admin db list`.")
    }

    private static func subject(_ request: S3Request, _ client: S3Client) -> String {
        request.key.map { "\(request.operation.verb) \($0) in \(client.name)" } ?? "\(request.operation.verb) \(client.name)"
    }

    /// `503 SlowDown (Please reduce your request rate.)`
    private static func words(_ refusal: S3Refusal) -> String {
        let code = refusal.code.isEmpty ? "\(refusal.status)" : "\(refusal.status) \(refusal.code)"
        return refusal.message.isEmpty ? code : "\(code) (\(refusal.message.prefix(300)))"
    }

    private static func hint(for refusal: S3Refusal, _ client: S3Client) -> String {
        switch refusal.status {
        // What listens for TLS answers what is no TLS, and not in the words of S3.
        case 400 where refusal.code.isEmpty && client.address.origin.hasPrefix("http://"):
            "Does the server speak TLS there? Try https:// in AWS_ENDPOINT_URL_S3."
        case 429, 503: "The server has too much to do: try later, or write more slowly with BACKUP_S3_RATE_LIMIT."
        case 500...: "The server has a trouble of its own: see its log or its status page, and run this again later."
        default: StoreCheck.look
        }
    }
}

extension S3Failure {
    /// Servers refuse what was signed more than a quarter of an hour ago or ahead.
    private static func skewed(_ what: String, _ answer: HTTPAnswer, _ client: S3Client) -> BackupError {
        let lead = answer.clockLead(over: client.now()) ?? .zero
        let distance = lead < .zero ? "\((.zero - lead).precisely) ahead of" : "\(lead.precisely) behind"
        return BackupError(
            .storeFailed, "\(what): authentication denied, as the clock of this host is \(distance) the server's",
            hint: "Set the clock (`timedatectl`, chrony or ntpd) and run this again; the credentials are not the matter.",
            obstacle: .clock)
    }

    /// It speaks to the server of the settings, whoever made it.
    private static func check(_ client: S3Client) -> String { "`\(StoreCheck.command(client.name))`" }

    private static func wrongCredentials(
        _ what: String, _ refusal: S3Refusal, _ credentials: AWSCredentials, _ client: S3Client
    ) -> BackupError? {
        let key = "access key \(credentials.accessKeyID) from \(credentials.source)"
        switch refusal.code {
        case "InvalidAccessKeyId", "InvalidClientTokenId":
            return BackupError(
                .storeFailed, "\(what): authentication failed: the server does not know the \(key)",
                hint: "Check the credentials: the key may be deleted, switched off, or of another server; then run \(check(client)).",
                obstacle: .credentials)
        case "SignatureDoesNotMatch":
            return BackupError(
                .storeFailed, "\(what): authentication failed: the secret of the \(key) is wrong",
                hint:
                    "Check that the credential AWS_SECRET_ACCESS_KEY belongs to that key and is whole, and AWS_REGION; then run \(check(client)).",
                obstacle: .credentials)
        case "ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired":
            return BackupError(
                .storeFailed, "\(what): authentication failed: the credentials of the \(key) have expired",
                hint: "Get new ones; a role of the host, or web identity, is renewed by itself.", obstacle: .credentials)
        case "InvalidToken":
            return BackupError(
                .storeFailed, "\(what): authentication failed: the session token of the \(key) is not valid",
                hint: "Give AWS_SESSION_TOKEN together with the key it was made with, or neither.", obstacle: .credentials)
        default: return nil
        }
    }

    private static func denied(
        _ what: String, _ refusal: S3Refusal, _ request: S3Request, _ credentials: AWSCredentials, _ client: S3Client
    ) -> BackupError {
        let key = "access key \(credentials.accessKeyID) from \(credentials.source)"
        let said = refusal.message.isEmpty || refusal.message.hasPrefix("Access Denied") ? "" : " (\(refusal.message.prefix(300)))"
        return BackupError(
            .storeFailed, "\(what): access denied: the \(key) lacks \(permissions(for: request))\(said)",
            hint:
                "Allow it in the policy of the user or role, or of the bucket, and run \(check(client)); a deny there, or a service control policy, goes before.",
            obstacle: .denied)
    }

    /// With what rides along in the headers.
    private static func permissions(for request: S3Request) -> String {
        var needed = [request.operation.permission]
        func has(_ name: String) -> Bool { request.headers.contains { $0.name == name } }
        if has("x-amz-object-lock-mode") { needed.append("s3:PutObjectRetention") }
        if has("x-amz-object-lock-legal-hold") { needed.append("s3:PutObjectLegalHold") }
        if request.headers.contains(where: { $0.name == "x-amz-server-side-encryption" && $0.value == "aws:kms" }) {
            needed.append("kms:GenerateDataKey")
        }
        if request.operation == .head { needed.append("s3:ListBucket") }
        return needed.count == 1 ? "the permission \(needed[0])" : "one of the permissions \(needed.joined(separator: ", "))"
    }

    /// Redirects are named, not followed: whoever answers there is not whom the operator named.
    private static func wrongPlace(_ what: String, _ refusal: S3Refusal, _ client: S3Client) -> BackupError? {
        let codes = ["PermanentRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException", "TemporaryRedirect"]
        guard codes.contains(refusal.code) || (300..<400).contains(refusal.status) else { return nil }
        if let region = refusal.region, region != client.region {
            return BackupError(
                .storeFailed, "\(what): the bucket is in the region \(region), not in \(client.region)", hint: "Set AWS_REGION=\(region).",
                obstacle: .region)
        }
        let place = refusal.place.map { " to \($0)" } ?? ""
        return BackupError(
            .storeFailed, "\(what): \(client.address.origin) redirects\(place), which is not followed: \(words(refusal))",
            hint: "Check AWS_REGION and AWS_ENDPOINT_URL_S3; a new bucket's name takes some minutes to be known everywhere.")
    }
}
