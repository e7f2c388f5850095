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
        facts.change(holdings: { $0.points = [point] })
        let twofold = try #require(Diagnose()(facts).first)
        #expect(twofold.code == .artifactChanged && twofold.remedy.commands.last == "call-center-admin db sync")
        facts.stores.removeLast()
        let alone = try #require(Diagnose()(facts).first)
        #expect(alone.code == .artifactChanged && alone.remedy.words.english.hasPrefix("Keep the file"))
        facts.service?.history[.postgres]?.failedVerification = true
        #expect(!Diagnose()(facts).contains { $0.code == .artifactChanged })
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
    }

    @Test("An outbox of alerts that cannot be read is told, and takes nothing else away")
    func noOutbox() {
        var facts = Healthy.examination
        facts.outbox = Trouble(.other, "the outbox of alerts /state/alerts.sqlite cannot be read")
        #expect(Diagnose()(facts).map(\.code) == [.stateFolder])
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
