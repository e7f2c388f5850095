import BackupModel
import BackupReports

@testable import BackupCatalog
@testable import Doctor

extension Fault {
    static let stores: [Fault] = {
        let kinds: [(Trouble.Kind, DiagnosisCode)] = [
            (.credentials, .storeCredentials), (.bucketMissing, .bucketMissing), (.denied, .storeDenied), (.region, .storeRegion),
            (.clock, .storeClock), (.notListening, .storeUnreachable), (.silent, .storeSilent), (.other, .storeFailed),
        ]
        let unlocked = Fault(.bucketUnlocked, .critical, .devops) { facts in
            facts.stores[1].asksForLocks = true
            facts.stores[1].protection = .known(.init(keepsVersions: true, locksObjects: false))
        }
        let hanging = Fault(.storeSilent, .critical, .storage) { facts in
            facts.stores[0].holdings = .troubled(.silent(Bilingual(quoting: "/backups"), after: .seconds(5)))
        }
        return [unlocked, hanging]
            + kinds.map { kind, code in
                Fault(code, kind == .clock ? .critical : .warning, .devops) {
                    $0.stores[1].holdings = .troubled(Trouble(kind, "cannot list s3://call-center-backups"))
                }
            }
    }()

    static let keys: [Fault] = [
        Fault(.keyUnusable, .critical, .devops) { $0.keys?.unusable = Trouble(.other, "cannot read /etc/restore.key: no such file") },
        Fault(.keyLost, .critical, .devops) { $0.keys?.unopened = Trouble(.other, "no identity opens call_center.sql.gz.age") },
        Fault(.encryptionOff, .warning, .devops) { facts in
            facts.keys?.isEncrypting = false
            facts.service?.points.append(Healthy.sealed)
        },
        Fault(.proofImpossible, .warning, .devops) { $0.proof?.programs = .troubled(Trouble(.other, "PostgreSQL 17 is not installed")) },
        Fault(.extensionMissing, .warning, .devops) { $0.proof?.missingExtensions = ["postgis"] },
    ]
}
