package import BackupModel

/// What a check of one file came to. A failed verdict is a value like any other: the check itself went well.
package struct Verdict: Sendable, Codable, Equatable {
    package var kind: FileKind
    /// The one that was reached: of what cannot be opened nothing but the digest is looked at, whatever was asked for.
    package var level: Verification.Level
    package var passed: Bool
    /// One sentence each, without a full stop.
    package var proved: [String]
    package var notProved: [String]
    package var findings: [Finding]
    /// Length of the file.
    package var bytes: Int64
    /// Length of the SQL text, or of the expanded RDB file, that was looked at.
    package var textBytes: Int64
    package var tables: Int?
    package var rows: Int64?
    /// Of all databases of an RDB file.
    package var keys: Int64?
    /// How long the check took by the caller's clock.
    package var seconds: Double
    /// Whether a proof by restore has restored a part of the file only.
    package var isPartial = false
    /// Of a proof by restore.
    package var durations: ProofDurations?
    /// Why the proof by restore that was asked for could not be made on this host; `level` is then what was reached.
    package var hindrance: Hindrance?
    /// Where the scratch server's data is kept for a look, and how to look.
    package var keptScratch: String?

    /// It says nothing about the file.
    package struct Hindrance: Sendable, Codable, Equatable {
        package var reason: String
        package var hint: String?

        package init(reason: String, hint: String?) {
            self.reason = reason
            self.hint = hint
        }
    }

    /// What every check but a proof by restore leaves open.
    package static let notLoaded = "no server was asked to load the file (level restore does that)"

    /// What is proved where the file is, bit for bit, the one that was stored.
    static let digestOfManifest = "the file has the SHA-256 of its manifest"

    /// Whether the file is the one that was stored, so that what is wrong with it is wrong with every copy.
    package var hasDigestOfManifest: Bool { proved.contains(Self.digestOfManifest) }

    /// Beyond this many findings the rest is only counted.
    static let maxFindings = 200

    init(kind: FileKind, level: VerificationLevel, bytes: Int64) {
        self.kind = kind
        self.level = level.inManifest
        self.bytes = bytes
        passed = false
        proved = []
        notProved = []
        findings = []
        textBytes = 0
        seconds = 0
    }

    /// Of an encrypted file that holds something else than what was encrypted.
    package init(damage: BackupError, level: VerificationLevel, bytes: Int64) {
        self.init(kind: .encrypted, level: level, bytes: bytes)
        findings = [Finding(damage.message)]
    }

    /// Sums the findings up: without any the verdict is passed.
    mutating func conclude() {
        passed = findings.isEmpty
        guard findings.count > Self.maxFindings else { return }
        let more = findings.count - Self.maxFindings
        findings = findings.prefix(Self.maxFindings) + [Finding("\(more) more findings of this kind are not listed")]
    }

    /// What was left out, why no proof by restore was made first.
    package var leftOpen: [String] {
        guard let hindrance else { return notProved }
        let rest = notProved.filter { $0 != Self.notLoaded }
        return ["it cannot be proved by restore here: \(hindrance.reason)\(hindrance.hint.map { " (\($0))" } ?? "")"] + rest
    }

    /// The verdict as a manifest keeps it.
    package func verification(of artifact: String, at: Instant) -> Verification {
        let reasons = passed ? proved : findings.map(\.description)
        return Verification(
            artifact: artifact, level: level, at: at, seconds: seconds, passed: passed, reasons: reasons, notProved: leftOpen,
            isPartial: isPartial, durations: durations)
    }
}
