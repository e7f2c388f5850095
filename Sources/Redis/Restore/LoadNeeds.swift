import BackupModel
import RDBFormat

/// What a server needs so that it can take what is to be restored: all of a file, or some of its keys.
struct LoadNeeds: Sendable, Equatable {
    /// Nil where there is no key.
    var highestDatabase: UInt64?
    var moduleKeys: UInt64
    /// What modules keep outside of keys.
    var hasModuleData: Bool
    /// Bytes of memory; nil where the file does not say how much its data took.
    var memory: Int64?
    /// What the server holds stays there.
    var isAddition: Bool

    /// All of a file.
    init(_ summary: RDBSummary) {
        let content = summary.content
        highestDatabase = content.databases.last?.number
        moduleKeys = content.databases.reduce(0) { $0 + ($1.kinds[.module] ?? 0) }
        hasModuleData = content.moduleData.count > 0
        memory = summary.usedMemory
        isAddition = false
    }

    /// Some of its keys: of the memory as large a share as their values have of the file.
    init(_ scan: KeyScan, of summary: RDBSummary) {
        highestDatabase = scan.highestDatabase
        moduleKeys = scan.moduleKeys
        hasModuleData = false
        let share = Double(scan.bytes) / Double(max(summary.byteCount, 1))
        memory = summary.usedMemory.map { Int64(Double($0) * share) }
        isAddition = true
    }
}

extension LoadNeeds {
    func findings(_ facts: RestoreTargetFacts, server: RedisEndpoint) -> [PreflightFinding] {
        [database(facts, server), modules(facts, server), memory(facts, server)].flatMap { $0 }
    }

    /// Redis ends itself when it meets a database it has not.
    private func database(_ facts: RestoreTargetFacts, _ server: RedisEndpoint) -> [PreflightFinding] {
        guard let number = highestDatabase, number > 0 else { return [] }
        switch facts.database {
        case .open: return []
        case .missing:
            return [
                .refusal(
                    .failed, "there are keys for database \(number), which \(server) does not have",
                    hint: "Raise `databases` in its configuration to \(number &+ 1) and restart it.")
            ]
        case .denied where isAddition:
            let user = facts.server.user ?? "default"
            return [
                .refusal(
                    .permissionDenied, "the user \(user) is denied SELECT on \(server), and there are keys for database \(number)",
                    hint: "Grant it: ACL SETUSER \(user) +select.")
            ]
        case .denied, .unknown: return [.warning("whether \(server) has the database \(number) could not be seen")]
        }
    }

    private func modules(_ facts: RestoreTargetFacts, _ server: RedisEndpoint) -> [PreflightFinding] {
        guard moduleKeys > 0 || hasModuleData else { return [] }
        guard let loaded = facts.modules, loaded.isEmpty, moduleKeys > 0 else {
            return [.warning("there is data of modules: the server has to have the same ones, or it does not load it")]
        }
        return [
            .refusal(
                .failed, "\(moduleKeys) keys are of modules' types, and \(server) has no modules loaded",
                hint: "Load the modules there (MODULE LIST on the server of the backup shows which), or leave those keys out with --keys.")
        ]
    }

    private func memory(_ facts: RestoreTargetFacts, _ server: RedisEndpoint) -> [PreflightFinding] {
        guard let memory, let limit = facts.maxMemory, limit > 0 else { return [] }
        let policy = facts.evictionPolicy ?? "noeviction"
        let consequence = policy == "noeviction" ? "it would refuse writes" : "it would evict keys at once (\(policy))"
        let what = isAddition ? "the selected keys take about \(ByteSize(memory))" : "the data took \(ByteSize(memory))"
        if memory > limit {
            return [
                .refusal(
                    .outOfSpace, "\(what) of memory, and \(server) has maxmemory \(ByteSize(limit)): \(consequence)",
                    hint: "Raise it there: CONFIG SET maxmemory.")
            ]
        }
        guard isAddition, let used = facts.server.usedBytes, used + memory > limit else { return [] }
        return [
            .warning(
                "\(what) of memory, and \(server) uses \(ByteSize(used)) of its maxmemory \(ByteSize(limit)): \(consequence)",
                hint: "Raise it there: CONFIG SET maxmemory.")
        ]
    }
}
