package import BackupCatalog
package import BackupModel
package import BackupVerification
import ScratchServers

/// How backups are proved, and when again.
package struct VerificationSettings: Sendable {
    /// How deep a backup is checked right after it was written.
    package enum Policy: Sendable, Equatable {
        case none
        case level(VerificationLevel)
        /// By restore where this host can do it, else by content; which of them is said.
        case automatic
    }

    package var policy: Policy
    package var scratchFolder: String
    /// The account scratch servers run as when we are root.
    package var scratchUser: String
    package var scratchMemory: ByteSize
    /// The tables a proof restores; empty: all.
    package var tables: [String]
    /// The share of a giant table's segments a proof restores, above 0 up to 1.
    package var share: Double
    /// A table of more text than this is a giant.
    package var giant: ByteSize
    package var reverifyPolicy: Policy
    package var reverifyInterval: Duration
    /// How many backups one `db reverify` takes on.
    package var reverifyCount: Int
    package var sizeSense: SizeSense

    init(_ read: SettingReader) throws {
        policy = Policy(try read.choice(.verifyLevel))
        scratchFolder = try read.path(.scratchFolder) ?? "/var/tmp"
        scratchUser = try read.text(.scratchUser) ?? "nobody"
        scratchMemory = try read.size(.scratchMemory) ?? ByteSize(1 << 30)
        guard Self.memoryRange.contains(scratchMemory.bytes) else {
            throw BackupError(
                .invalidConfiguration,
                "BACKUP_SCRATCH_MEMORY is \(scratchMemory)\(read.place(.scratchMemory)); it has to be from 64MiB to 4TiB",
                hint: "1GiB suits most databases; a Redis needs as much as it holds, and a half more.")
        }
        tables = try read.list(.verifyTables)
        share = Double(try read.integer(.verifyShare) ?? 100) / 100
        giant = try read.size(.verifyGiant) ?? ByteSize(1 << 30)
        reverifyPolicy = Policy(try read.choice(.reverifyLevel))
        reverifyInterval = try read.duration(.reverifyInterval)
        reverifyCount = try read.integer(.reverifyCount) ?? 1
        let (shrink, growth) = (try read.integer(.shrinkAlarm) ?? 30, try read.integer(.growthAlarm) ?? 400)
        sizeSense = SizeSense(
            shrinkPercent: shrink == 0 ? nil : shrink, growthPercent: growth == 0 ? nil : growth, ignored: try read.list(.sizeIgnore))
    }

    /// With less no server starts; more is a slip of the pen.
    private static let memoryRange: ClosedRange<Int64> = 64 << 20...1 << 42

    /// What a backup has to have passed lately not to be due again.
    package var reverification: Reverification {
        let level: VerificationLevel = if case .level(let level) = reverifyPolicy { level } else { .restore }
        return Reverification(interval: reverifyInterval, level: level.inManifest)
    }
}

extension VerificationSettings.Policy {
    init(_ text: String) {
        self = text == "none" ? .none : VerificationLevel(rawValue: text).map { .level($0) } ?? .automatic
    }
}

extension Setting {
    private static let levels = ["auto", "restore", "content", "quick"]

    static let verifyLevel = Setting(
        "BACKUP_VERIFY_LEVEL", "verification.level", .choice(levels + ["none"]), standard: "auto",
        "How deep `db backup` checks what it wrote; auto: restored into a scratch server where this host can do that and has the space, else content."
    )
    static let scratchFolder = Setting(
        "BACKUP_SCRATCH_DIR", "verification.scratch_dir", .path, standard: "/var/tmp",
        "Where scratch servers keep their data while a backup is proved; it has to have room for a restored database.")
    static let scratchUser = Setting(
        "BACKUP_SCRATCH_USER", "verification.scratch_user", .text, standard: "nobody",
        "The account scratch servers run as when this program runs as root.")
    static let scratchMemory = Setting(
        "BACKUP_SCRATCH_MEMORY", "verification.scratch_memory", .size, standard: "1GiB",
        "The most memory a scratch server may use: 64MiB to 4TiB.")
    static let verifyTables = Setting(
        "BACKUP_VERIFY_TABLES", "verification.tables", .list, "The tables a proof by restore loads. Unset: all of them.")
    static let verifyShare = Setting(
        "BACKUP_VERIFY_SHARE", "verification.share", .integer(1...100), standard: "100",
        "Percent of a giant table that a proof by restore loads; each time another part.")
    static let verifyGiant = Setting(
        "BACKUP_VERIFY_GIANT", "verification.giant", .size, standard: "1GiB",
        "A table with more text than this is a giant, where BACKUP_VERIFY_SHARE is below 100.")
    static let reverifyLevel = Setting(
        "BACKUP_REVERIFY_LEVEL", "verification.again.level", .choice(levels), standard: "auto", "How deep `db reverify` checks.")
    static let reverifyInterval = Setting(
        "BACKUP_REVERIFY_INTERVAL", "verification.again.interval", .duration, standard: "7d",
        "How old the last proof of a backup may become before `db reverify` takes it on again.")
    static let reverifyCount = Setting(
        "BACKUP_REVERIFY_COUNT", "verification.again.count", .integer(1...1000), standard: "1",
        "How many backups one `db reverify` takes on.")
    static let shrinkAlarm = Setting(
        "BACKUP_SHRINK_ALARM_PERCENT", "verification.shrink_alarm_percent", .integer(0...100), standard: "30",
        "A backup is suspicious when a table, a dump or Redis has lost more than this since the last seven; 0: only when all of it is gone."
    )
    static let growthAlarm = Setting(
        "BACKUP_GROWTH_ALARM_PERCENT", "verification.growth_alarm_percent", .integer(0...1_000_000), standard: "400",
        "The same for growth; 0: never.")
    static let sizeIgnore = Setting(
        "BACKUP_SIZE_IGNORE", "verification.size_ignore", .list,
        "Tables that may come and go, as schema.table with * for any signs: queues, staging tables.")

    static let verification = [
        verifyLevel, scratchFolder, scratchUser, scratchMemory, verifyTables, verifyShare, verifyGiant, reverifyLevel, reverifyInterval,
        reverifyCount, shrinkAlarm, growthAlarm, sizeIgnore,
    ]
}

extension ProofSettings {
    init(_ configuration: BackupConfiguration, _ order: VerificationOrder, seed: UInt64, context: RunContext) {
        let settings = configuration.verification
        self.init(
            place: ScratchPlace(configuration),
            programFolder: configuration.programFolder, jobs: configuration.jobs, stallLimit: configuration.stallTimeout,
            tables: settings.tables, share: settings.share, giant: settings.giant, seed: seed, provesWithPsql: order.provesWithPsql,
            keepsScratch: order.keepsScratch, now: context.now)
    }
}
