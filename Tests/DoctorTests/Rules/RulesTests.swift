import BackupCatalog
import BackupModel
import BackupReports
import Testing

@testable import Doctor

@Suite("Rules")
struct RulesTests {
    @Test("A healthy installation gives no finding")
    func healthy() {
        #expect(Diagnose()(Healthy.examination).map(\.code) == [])
    }

    @Test("Each fault is named first, with its severity and the team that can mend it", arguments: Fault.all)
    func fault(_ fault: Fault) throws {
        let first = try #require(Diagnose()(fault.examination).first)
        #expect(first.code == fault.code)
        #expect(first.severity == fault.severity)
        #expect(first.team == fault.team)
    }

    @Test("Each finding says in both languages what is wrong, and gives a command", arguments: Fault.all)
    func words(_ fault: Fault) {
        for finding in Diagnose()(fault.examination) {
            #expect(!finding.remedy.commands.isEmpty)
            for text in [finding.cause, finding.remedy.words] {
                #expect(!text.english.isEmpty && !text.russian.isEmpty)
            }
            #expect(finding.cause.russian.contains { ("а"..."я").contains($0) }, "\(finding.cause.russian)")
            #expect(!finding.cause.english.hasSuffix("."))
        }
    }

    @Test("Every code there is has a fault that gives it")
    func everyCode() {
        // Told by the rules of stores, which know more of it.
        let found: [Diagnosis] = Fault.all.flatMap { Diagnose()($0.examination) }
        let seen = Set((found + found.flatMap(\.consequences)).map(\.code))
        #expect(Set(DiagnosisCode.allCases).subtracting(seen) == [.storeDown])
    }

    @Test("Before the first backup its folder is not missed")
    func firstFolder() {
        var facts = Healthy.examination
        for target in facts.service?.targets ?? [] { facts.service?.history[target] = nil }
        facts.stores[0].holdings = .troubled(Trouble(.folderMissing, "there is no folder /backups"))
        #expect(!Diagnose()(facts).contains { $0.code == .folderMissing })
    }

    @Test("A copy with a verdict against it is told though others are proved; nobody is told to delete the only one")
    func damagedCopy() throws {
        var facts = Healthy.examination
        var point = Healthy.point()
        point.manifest.verifications.append(
            Verification(
                artifact: point.dumps[0].key, level: .content, at: Healthy.now, seconds: 1, passed: false, reasons: ["a row differs"]))
        let stored = Dictionary(uniqueKeysWithValues: point.manifest.artifacts.map { ($0.key, $0.bytes) })
        point = RecoveryPoint(manifest: point.manifest, store: "/backups", stored: stored)
        facts.change(holdings: { $0.points = [point] })
        let twofold = try #require(Diagnose()(facts).first)
        #expect(twofold.code == .artifactChanged && twofold.remedy.commands.last == "call-center-admin db sync")
        #expect(
            twofold.remedy.commands.first
                == "call-center-admin db verify-backup \(point.id) && mkdir -p /backups/set-aside && mv /backups/\(point.dumps[0].key) /backups/set-aside"
        )
        facts.stores.removeLast()
        let alone = try #require(Diagnose()(facts).first)
        #expect(alone.code == .artifactChanged && alone.remedy.commands.first == "call-center-admin db backup")
        #expect(alone.remedy.commands.last == "mkdir -p /backups/set-aside && mv /backups/*\(point.id)* /backups/set-aside")
        facts.service?.history[.postgres]?.failedVerification = true
        let cause = try #require(Diagnose()(facts).first)
        #expect(cause.code == .artifactChanged && cause.consequences.map(\.code).contains(.verificationFailed))
    }

    @Test("A damaged file of a bucket is taken away there and copied anew from a store that has a sound one")
    func damagedObject() throws {
        var facts = Healthy.examination
        let key = "call_center-\(Healthy.id).sql.gz"
        facts.stores[1].holdings = .known(.init(points: [Healthy.point(cut: [key])]))
        let finding = try #require(Diagnose()(facts).first)
        #expect(finding.code == .artifactChanged && finding.subject.store == "s3://call-center-backups")
        #expect(
            finding.remedy.commands == [
                "call-center-admin db verify-backup \(Healthy.id) && aws s3 rm s3://call-center-backups/\(key)",
                "call-center-admin db sync",
            ])
    }

    @Test("A copy that is there and damaged is not called missing")
    func damagedNewest() throws {
        var facts = Healthy.examination
        facts.service?.points[0].copies[1].condition = .verificationFailed
        let finding = try #require(Diagnose()(facts).first)
        #expect(finding.code == .missingCopies && finding.cause.english == "a copy of the newest backup is damaged")
        #expect(finding.evidence?.english == "\(Healthy.id) is damaged in s3://call-center-backups")
    }

    @Test("What a broken-off upload has left in a bucket is told where it can be seen; one that does not answer is told as that")
    func uploads() throws {
        var facts = Healthy.examination
        let key = "call_center-20260214T010000Z.sql.gz"
        facts.stores[1].begun = .known([key, "call_center-20260214T030000Z.sql.gz"])
        #expect(Diagnose()(facts).isEmpty)
        facts.unfinished = .known([key])
        let finding = try #require(Diagnose()(facts).first)
        #expect(finding.code == .leftovers && finding.evidence?.english == key && finding.subject.store == "s3://call-center-backups")
        facts.stores[1].begun = .troubled(Trouble(.silent, "no answer"))
        #expect(!Diagnose()(facts).contains { $0.code == .leftoversHidden })
    }

    @Test("A service that nobody installed is not missed")
    func noService() {
        var facts = Healthy.examination
        facts.process = ProcessCondition(.nobody, place: "127.0.0.1:8085", isExpected: false)
        #expect(Diagnose()(facts).isEmpty)
    }

    @Test("A folder of somebody else's is not to be given to whoever happens to look")
    func foreignFolder() throws {
        var facts = Healthy.examination
        facts.stores[0].folder?.mayWrite = false
        facts.stores[0].folder?.owner = 10_001
        facts.stores[0].folder?.user = 1_000
        let commands = try #require(Diagnose()(facts).first { $0.code == .folderForbidden }).remedy.commands
        #expect(commands.first == "sudo -u '#10001' call-center-admin doctor")
        #expect(!commands.contains { $0.contains("chown") })
    }

    @Test("Where the history cannot be read, nothing is said of what it may hold")
    func noHistory() {
        var facts = Healthy.examination
        facts.history = Trouble(.denied, "history.sqlite cannot be looked at")
        facts.service?.history = [:]
        facts.service?.runs = []
        #expect(Diagnose()(facts).map(\.code) == [.stateFolder])
    }

    @Test("An older backup with lost files is a warning, the newest a failure")
    func olderPoint() throws {
        var facts = Healthy.examination
        facts.change(holdings: { $0.points.append(Healthy.older) })
        let finding = try #require(Diagnose()(facts).first)
        #expect(finding.code == .artifactMissing)
        #expect(finding.severity == .warning)
        #expect(finding.remedy.commands == ["mkdir -p /backups/set-aside && mv /backups/*\(Healthy.older.id)* /backups/set-aside"])
        // One that cannot be asked may have it.
        facts.stores[1].holdings = .troubled(Trouble(.silent, "no answer"))
        let kept = try #require(Diagnose()(facts).first { $0.code == .artifactMissing })
        #expect(kept.remedy.commands == ["call-center-admin storage check", "call-center-admin db sync"])
    }

    @Test("A folder that never was is missed where another store, or the table of file systems, knows of it")
    func folderKnownElsewhere() throws {
        var facts = Healthy.examination
        for target in facts.service?.targets ?? [] { facts.service?.history[target] = nil }
        facts.stores[0].holdings = .troubled(Trouble(.folderMissing, "there is no folder /backups"))
        facts.stores[1].holdings = .known(.init(points: [Healthy.remembered(daysAgo: 1)]))
        #expect(Diagnose()(facts).contains { $0.code == .folderMissing })
        facts.stores[1].holdings = .known(.init())
        #expect(!Diagnose()(facts).contains { $0.code == .folderMissing })
        facts.stores[0].folder?.mount = .init(place: "/backups", isMounted: false)
        let finding = try #require(Diagnose()(facts).first { $0.code == .folderMissing })
        #expect(finding.remedy.commands.first == "mount /backups")
    }

    @Test("A folder that hangs is a matter of its file system, and of nobody's port")
    func hangingFolder() throws {
        var facts = Healthy.examination
        facts.stores[0].holdings = .troubled(.silent(Bilingual(quoting: "/backups"), after: .seconds(5)))
        let finding = try #require(Diagnose()(facts).first)
        #expect(finding.code == .storeSilent && finding.team == .storage)
        #expect(finding.cause.english == "the folder /backups does not answer")
        let looks = ["findmnt --output TARGET,SOURCE,FSTYPE", "timeout --signal=KILL 5 stat --file-system /backups"]
        #expect(finding.remedy.commands == looks, "\(finding)")
    }

    @Test("A backup that root has taken is no damaged one: the service may not read it")
    func rootsBackup() throws {
        var facts = Healthy.examination
        let key = "\(Healthy.id).json"
        facts.stores[0].folder?.foreignFiles = [key]
        facts.stores[0].folder?.owner = 10_001
        facts.stores[0].folder?.user = 10_001
        facts.change(holdings: {
            $0.unreadable = [UnreadableManifest(key: key, reason: "cannot open /backups/\(key): permission denied for user id 10001")]
        })
        let finding = try #require(Diagnose()(facts).first)
        #expect(finding.code == .filesForeign && finding.gravity == .critical)
        #expect(finding.consequences.map(\.code) == [.manifestUnreadable])
        #expect(finding.remedy.commands == ["sudo chown -R 10001 /backups"])
    }

    @Test("A bucket that can be listed and takes nothing is told by the last run, until a later one was not refused")
    func writing() throws {
        var facts = Healthy.examination
        let said = "s3://call-center-backups (cannot store a.sql.gz: access denied: the access key AK from settings lacks s3:PutObject)"
        facts.service?.runs[0].failure = RunFailure(
            code: .partlyDone, message: "backup \(Healthy.id) is stored in 1 of 2 stores, not in \(said)")
        let finding = try #require(Diagnose()(facts).first)
        #expect(finding.code == .storeDenied && finding.evidence?.english == "in the last run: \(said)")
        #expect(finding.remedy.commands == ["call-center-admin storage check", "call-center-admin db sync"])
        // Where the record says what kind of failure it was, words decide nothing.
        let place = "s3://call-center-backups"
        for (obstacle, isTold) in [(BackupError.Obstacle.denied, true), (.unreachable, false)] {
            let kind = FailureKind(stores: [.init(store: place, obstacle: obstacle.rawValue)])
            let words = isTold ? "\(place) (it said no)" : said
            facts.service?.runs[0].failure = RunFailure(code: .partlyDone, message: "not in \(words)", kind: kind)
            #expect(Diagnose()(facts).contains { $0.code == .storeDenied } == isTold, "\(obstacle)")
        }
        var sync = try #require(facts.service?.runs.first)
        (sync.id, sync.kind, sync.failure) = ("20260214T030000Z-00000001", .sync, nil)
        facts.service?.runs.insert(sync, at: 0)
        #expect(!Diagnose()(facts).contains { $0.code == .storeDenied })
    }

    @Test("What parts of the program say in English is quoted beside Russian words; what is ours is said in Russian")
    func russian() throws {
        var facts = Healthy.examination
        facts.configuration.warnings = ["BACKUP_DRI in /srv/.env is not a setting of this version; did you mean BACKUP_DIR?"]
        #expect(
            try #require(Diagnose()(facts).first).evidence?.russian
                == "BACKUP_DRI в /srv/.env: такой настройки нет; может быть, BACKUP_DIR?")
        facts.configuration.warnings = ["BACKUP_SCHEDUL in the environment is not a setting; did you mean BACKUP_SCHEDULE?"]
        let words = try #require(Diagnose()(facts).first).evidence?.russian
        #expect(words == "BACKUP_SCHEDUL в окружении: такой настройки нет; может быть, BACKUP_SCHEDULE?")
        facts = Healthy.examination
        facts.stores[1].holdings = .troubled(Trouble(.credentials, "SignatureDoesNotMatch"))
        #expect(try #require(Diagnose()(facts).first).evidence?.russian == "учётные данные не приняты: «SignatureDoesNotMatch»")
        facts = Healthy.examination
        facts.fail(.failed, "the server closed the connection", .postgres)
        facts.lastWords = ["s3://x was given up", "it ends in “verify”"]
        let log = try #require(Diagnose()(facts).first).evidence?.russian
        #expect(log?.hasSuffix("; в его логе: «s3://x was given up»; обрывается на «verify»") == true, "\(log as Any)")
    }

    @Test("An outbox of alerts that cannot be read is told, and takes nothing else away")
    func noOutbox() {
        var facts = Healthy.examination
        facts.outbox = Trouble(.other, "the outbox of alerts /state/alerts.sqlite cannot be read")
        #expect(Diagnose()(facts).map(\.code) == [.stateFolder])
    }

    @Test("A clock that goes wrong is told before a store refuses us for it", arguments: [-400, 400])
    func clock(lead: Int64) throws {
        var facts = Healthy.examination
        facts.stores[1].clockLead = .seconds(lead)
        let finding = try #require(Diagnose()(facts).first)
        #expect(finding.code == .storeClock && finding.severity == .warning)
        #expect(finding.evidence?.english.contains(lead < 0 ? "7 min ahead of" : "7 min behind") == true, "\(finding)")
        facts.stores[1].clockLead = .seconds(lead / 4)
        #expect(Diagnose()(facts).isEmpty)
    }

    @Test("What Prometheus, the buckets and the manager say is told, and is no fault")
    func beside() throws {
        var facts = Healthy.examination
        facts.monitoring = Healthy.monitoring(lastSuccess: Healthy.slot + .seconds(600))
        facts.stores[1].protection = .known(.init(keepsVersions: true, locksObjects: false))
        facts.surroundings.states = [.backup: "active (running)"]
        #expect(Diagnose()(facts).isEmpty)
        let lines = Checklist(facts, []).lines.map(\.text.english)
        #expect(lines[0].hasSuffix("Prometheus: PostgreSQL ok, Redis ok"))
        #expect(lines[6].hasSuffix("s3://call-center-backups (versions kept, no object lock)"))
    }

    @Test("A server that is down is shown by what its manager says too, a failed run by what its log says")
    func words() throws {
        var facts = Healthy.examination
        facts.surroundings.states = [.postgres: "failed (exit-code)"]
        facts.postgres?.server = .troubled(Trouble(.notListening, "connection refused"))
        #expect(try #require(Diagnose()(facts).first).evidence?.english == "connection refused; systemd: failed (exit-code)")
        facts = Healthy.examination
        facts.fail(.failed, "the server closed the connection", .postgres)
        facts.lastWords = ["s3://x was given up"]
        #expect(try #require(Diagnose()(facts).first).evidence?.english.hasSuffix("; its log: s3://x was given up") == true)
    }

    @Test("A Prometheus nobody has named is not missed")
    func noPrometheus() {
        var facts = Healthy.examination
        for figures in [Known<PrometheusFigures>.troubled(Trouble(.other, "connection refused")), .known(.init())] {
            facts.monitoring = .init(place: "http://localhost:9090", isExpected: false, figures: figures)
            #expect(Diagnose()(facts).isEmpty)
        }
    }

    @Test("A run under way has no duration, and nobody knows yet whether it errs")
    func underWay() throws {
        var facts = Healthy.examination
        facts.service?.runs[0].finishedAt = nil
        let line = try #require(Checklist(facts, Diagnose()(facts)).lines.first { $0.section == .logs })
        #expect(line.text.english.hasSuffix("under way, begun 7 h ago"))
        #expect(line.text.russian.hasSuffix("выполняется, начат 7 ч назад"))
    }
}
