import BackupModel

/// `/health`: that the process answers, and which one it is.
struct LivenessAnswer: Encodable {
    let status = "alive"
    /// Left out before they are known.
    let installation: String?
    let settings: String?
    let files: [String: String]?

    init(_ fingerprint: ServiceFingerprint?) {
        (installation, settings) = (fingerprint?.installation, fingerprint?.settings)
        files = fingerprint.flatMap { $0.files.isEmpty ? nil : $0.files }
    }
}
