import BackupModel
import NIOCore
import NIOPosix
import NIOSSL

/// Why a server could not be spoken to, in the operator's terms.
struct Unreachable {
    private let endpoint: RedisEndpoint
    private let timeout: Duration

    init(_ endpoint: RedisEndpoint, timeout: Duration) {
        self.endpoint = endpoint
        self.timeout = timeout
    }

    /// What ended the attempt to connect.
    func error(_ cause: any Error) -> BackupError {
        switch cause {
        case let failure as NIOConnectionError: return networkFailure(failure)
        case ChannelError.connectTimeout: return timedOut
        case let failure as IOError: return refused(failure)
        default: return Self.tlsFailure(cause, endpoint) ?? unreachable("cannot connect to Redis at \(endpoint)", Self.look, cause)
        }
    }

    private static let look = "See whether Redis runs and listens there: redis-cli -h HOST -p PORT ping."

    private func networkFailure(_ failure: NIOConnectionError) -> BackupError {
        if let attempt = failure.connectionErrors.first {
            if case ChannelError.connectTimeout = attempt.error { return timedOut }
            if let io = attempt.error as? IOError { return refused(io) }
            return unreachable("cannot connect to Redis at \(endpoint)", Self.look, attempt.error)
        }
        return unreachable(
            "the host name \(failure.host) of Redis cannot be resolved", "Check it in REDIS_URL, and the name server.",
            failure.dnsAError ?? failure.dnsAAAAError, .unknownHost)
    }

    /// Below, where our words say all that the cause does, it is left out: it would be said twice.
    private var timedOut: BackupError {
        unreachable(
            "nothing answered at \(endpoint) within \(timeout.precisely)",
            "See whether a firewall drops the packets, and whether Redis binds that address.",
            nil, .silent)
    }

    private func refused(_ failure: IOError) -> BackupError {
        switch failure.errnoCode {
        case ECONNREFUSED:
            unreachable("Redis at \(endpoint) refused the connection: nobody listens there", Self.look, nil, .unreachable)
        case ENOENT:
            unreachable("there is no socket \(endpoint)", "See unixsocket in redis.conf, and whether Redis runs.", nil, .unreachable)
        case EACCES, EPERM:
            BackupError(
                .permissionDenied, "permission to use the socket \(endpoint) is denied",
                hint: "Let the backup's user into the group of the socket (unixsocketperm 770).")
        default: unreachable("cannot connect to Redis at \(endpoint)", Self.look, failure)
        }
    }

    private func unreachable(
        _ message: String, _ hint: String, _ cause: (any Error)?, _ obstacle: BackupError.Obstacle? = nil
    ) -> BackupError {
        BackupError(.sourceUnreachable, message, hint: hint, cause: cause, obstacle: obstacle)
    }
}

extension Unreachable {
    /// Nil for what has nothing to do with TLS.
    static func tlsFailure(_ cause: any Error, _ endpoint: RedisEndpoint) -> BackupError? {
        guard cause is NIOSSLError || cause is NIOSSLExtraError || cause is BoringSSLError else { return nil }
        let text = "\(cause)"
        let (message, hint) = meaning(ofTLS: text, endpoint)
        return BackupError(.sourceUnreachable, message, hint: hint, cause: cause)
    }

    /// BoringSSL has hundreds of reasons; these are the ones an operator can do something about.
    private static func meaning(ofTLS text: String, _ endpoint: RedisEndpoint) -> (String, String) {
        if text.contains("CERTIFICATE_VERIFY_FAILED") {
            return (
                "the certificate of Redis at \(endpoint) is not one we trust",
                "Name the authority that signed it: ?cacert=/path/to/ca.crt in REDIS_URL."
            )
        }
        if text.contains("failedToValidateHostname") || text.contains("unableToValidateCertificate") {
            return (
                "the certificate of Redis at \(endpoint) is for another name",
                "Use the name in the certificate in REDIS_URL, or say which to expect: ?sni=NAME."
            )
        }
        if text.contains("CERTIFICATE_REQUIRED") || text.contains("HANDSHAKE_FAILURE") || text.contains("BAD_CERTIFICATE") {
            return (
                "Redis at \(endpoint) denied our TLS client certificate, or asks for one",
                "Name one that its authority has signed: ?cert=/path/client.crt&key=/path/client.key in REDIS_URL."
            )
        }
        if text.contains("WRONG_VERSION_NUMBER") {
            return ("Redis at \(endpoint) does not speak TLS on this port", "Use redis:// in REDIS_URL, or the port that tls-port names.")
        }
        return (
            "TLS with Redis at \(endpoint) failed",
            "See the server's log; tls-protocols and tls-ciphers have to fit ours (TLS 1.2 or later)."
        )
    }
}

extension Unreachable {
    /// Something listens there that is no Redis, or not in the clear.
    static func notRedis(_ endpoint: RedisEndpoint, firstByte: UInt8?, cause: any Error) -> BackupError {
        let hint =
            switch firstByte {
            // The first byte of a TLS record that carries an alert.
            case 0x15: "It answers with TLS: use rediss:// in REDIS_URL."
            default: "Check host and port in REDIS_URL; 6379 is the usual one."
            }
        return BackupError(.sourceUnreachable, "what answers at \(endpoint) does not speak Redis' protocol", hint: hint, cause: cause)
    }
}
