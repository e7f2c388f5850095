import BackupModel
import BackupReports

@testable import Doctor

/// What goes wrong with Redis.
extension Fault {
    static let redisDoor: [Fault] = {
        let kinds: [(Trouble.Kind, DiagnosisCode, Team)] = [
            (.notListening, .redisDown, .dba), (.unknownHost, .redisUnknownHost, .devops),
            (.silent, .redisSilent, .dba), (.notReady, .redisNotReady, .dba), (.credentials, .redisPassword, .dba),
            (.accessRules, .redisAccessRules, .dba), (.crowded, .redisCrowded, .dba), (.denied, .redisDenied, .dba),
            (.other, .redisFailed, .dba),
        ]
        return kinds.map { kind, code, team in
            Fault(code, .critical, team) { $0.redis = RedisCondition(servers: .troubled(Trouble(kind, "localhost:6379 refused"))) }
        }
    }()

    static let redis: [Fault] = [
        Fault(.redisNotReady, .critical, .dba) { $0.change(redis: { $0.isLoading = true }) },
        Fault(.redisDenied, .critical, .dba) { $0.change(redis: { $0.mayReplicate = false }) },
        Fault(.redisLink, .critical, .dba) { $0.change(redis: { $0.link = .init(primary: "cache-1:6379", isUp: false) }) },
        Fault(.redisVersion, .warning, .dba) { $0.change(redis: { ($0.version, $0.isReadable) = ("Redis 9.9.0", false) }) },
        Fault(.redisSnapshot, .warning, .dba) { $0.change(redis: { $0.snapshotFailed = true }) },
        Fault(.redisSnapshot, .warning, .dba) { $0.change(redis: { $0.logRewriteFailed = true }) },
        Fault(.redisMemory, .warning, .dba) { $0.change(redis: { ($0.usedBytes, $0.overcommit) = (9_000_000_000, 0) }) },
        Fault(.redisBuffer, .warning, .dba) { $0.change(redis: { $0.outputBuffer = 1_000_000 }) },
        Fault(.redisEmptied, .warning, .dba) { facts in
            facts.save(keys: 5_000)
            facts.change(redis: { $0.keys = 0 })
        },
    ]
}
