import BackupModel
import Testing

@testable import BackupCatalog

@Suite("Retention")
struct RetentionTests {
    private let now = Instant(iso8601: "2026-06-30T03:00:00Z") ?? Instant(secondsSinceEpoch: 0)

    private func candidate(
        daysAgo days: Double, covers: Set<String> = ["1/call_center"], counts: Bool = true, isSuspicious: Bool = false, pin: Pin? = nil,
        condition: RecoveryPoint.Condition = .verified
    ) -> RetentionCandidate {
        let time = now + .seconds(-days * 86_400)
        return RetentionCandidate(
            id: RecoveryPointID(at: time), takenAt: time, covers: covers, counts: counts, isSuspicious: isSuspicious, pin: pin,
            condition: condition)
    }

    private func daily(_ count: Int, from first: Double = 0.04) -> [RetentionCandidate] {
        (0..<count).map { candidate(daysAgo: first + Double($0)) }
    }

    private func policy(_ change: (inout RetentionPolicy) -> Void = { $0.days = 30 }) -> RetentionPolicy {
        var policy = RetentionPolicy()
        change(&policy)
        return policy
    }

    private func plan(_ candidates: [RetentionCandidate], _ policy: RetentionPolicy? = nil, acceptsGaps: Bool = false) -> RetentionPlan {
        Retention(policy ?? self.policy(), now: now, acceptsGaps: acceptsGaps).plan(candidates)
    }

    @Test("The runbook's thirty days")
    func standard() {
        let plan = plan(daily(40))
        #expect(plan.removed.count == 10)
        #expect(plan.decisions.first?.reasons == ["younger than 30 days", "one of the last 3 verified"])
        #expect(plan.decisions.last?.reasons == ["39 d old, kept by no rule"])
        #expect(plan.freezes.isEmpty)
        #expect(RetentionPolicy.standard == policy())
    }

    @Test("Without a rule everything is kept")
    func empty() { #expect(plan(daily(400), RetentionPolicy()).removed.isEmpty) }

    /// 2026-06-30 is a Tuesday.
    @Test("Hours, days, weeks, months and years count as in restic, from those that have a backup")
    func calendar() {
        func kept(_ candidates: [RetentionCandidate], _ change: (inout RetentionPolicy) -> Void) -> [String] {
            var policy = RetentionPolicy()
            (policy.minimum, policy.clockBound) = (1, .seconds(1 << 40))
            change(&policy)
            return plan(candidates, policy).decisions.filter(\.isKept).map { String("\($0.id)".prefix(8)) }
        }
        let year = daily(800)
        #expect(kept(year) { $0.daily = 3 } == ["20260630", "20260629", "20260628"])
        #expect(kept(year) { $0.weekly = 3 } == ["20260630", "20260628", "20260621"])
        #expect(kept(year) { $0.monthly = 3 } == ["20260630", "20260531", "20260430"])
        #expect(kept(year) { $0.yearly = 2 } == ["20260630", "20251231"])
        #expect(kept(year) { $0.last = 2 } == ["20260630", "20260629"])
        #expect(kept(year) { $0.within = .seconds(3 * 86_400) } == ["20260630", "20260629", "20260628"])
        let sundays = (0..<12).map { candidate(daysAgo: 2 + 7 * Double($0)) }
        #expect(kept(sundays) { $0.daily = 4 } == ["20260628", "20260621", "20260614", "20260607"])
        #expect(kept(daily(5)) { $0.yearly = 2 } == ["20260630", "20260626"])
        let hours = (0..<6).map { candidate(daysAgo: Double($0) / 48) }
        #expect(Retention(policy { ($0.hourly, $0.minimum) = (2, 1) }, now: now).plan(hours).decisions.filter(\.isKept).count == 2)
    }

    @Test("Backups that nobody proved do not count, and those after the last proof are kept")
    func unverified() {
        let unproved = [0.04, 1.04, 2.04, 50].map { candidate(daysAgo: $0, counts: false, condition: .notVerified) }
        let plan = plan(unproved + daily(4, from: 3.04), policy { $0.daily = 2 })
        #expect(plan.removed == [unproved[3].id, candidate(daysAgo: 6.04).id].sorted(by: >))
        #expect(plan.decisions[0].reasons == ["newer than every verified one"])
        #expect(plan.decisions.last?.reasons == ["50 d old, kept by no rule; it is not verified"])
    }

    @Test("With fewer verified ones than the floor nothing goes, and the way out is told")
    func floor() {
        let old = (0..<9).map { candidate(daysAgo: 40 + Double($0), counts: $0 < 2, condition: .checked) }
        let plan = plan(old)
        #expect(plan.removed.isEmpty)
        #expect(
            plan.freezes.map(\.reason) == ["nothing of call_center of server 1 is removed before there are 3 verified backups: there are 2"]
        )
        #expect(plan.freezes.first?.hint.contains("BACKUP_RETENTION_PROOF=content") == true)
    }

    @Test("A pinned one stays, with the reason")
    func pins() {
        let pinned = candidate(daysAgo: 300, pin: Pin(at: now, reason: "before the migration"))
        let plan = plan(daily(5) + [pinned, candidate(daysAgo: 301)])
        #expect(plan.removed == [candidate(daysAgo: 301).id])
        #expect(plan.decisions.first { $0.id == pinned.id }?.reasons == ["pinned: before the migration"])
    }

    @Test("A suspicious backup freezes the whole store")
    func suspicion() {
        let doubted = candidate(daysAgo: 0.01, counts: false, isSuspicious: true, condition: .suspicious)
        let other = (0..<9).map { candidate(daysAgo: 20 + Double($0) * 5, covers: ["1/billing"]) }
        let plan = plan(daily(40, from: 0.1) + other + [doubted])
        #expect(plan.removed.isEmpty)
        #expect(plan.freezes.map(\.reason) == ["nothing is removed while a backup is suspicious: \(doubted.id)"])
        #expect(plan.freezes.first?.hint.contains("db accept \(doubted.id)") == true)
    }

    @Test("A clock that was moved back freezes the store", arguments: [(0.03, false), (0.05, true), (500, true)])
    func clockMovedBack(ahead: Double, isFrozen: Bool) {
        let plan = plan(daily(40) + [candidate(daysAgo: -ahead)])
        #expect(plan.removed.isEmpty == isFrozen)
        #expect(plan.freezes.count == (isFrozen ? 1 : 0))
    }

    @Test("A clock that was moved forward lets nothing expire, not even after the next backups", arguments: 0...3)
    func clockMovedForward(backupsSince: Int) {
        let before = (0..<40).map { candidate(daysAgo: 365 + Double($0)) }
        let plan = plan(daily(backupsSince) + before)
        #expect(plan.removed.isEmpty == (backupsSince < 3))
        #expect(self.plan(daily(backupsSince) + before, acceptsGaps: true).removed.count == 40 - max(0, 3 - backupsSince))
        if backupsSince < 3 { #expect(plan.freezes.first?.hint.contains("--accept-gap") == true) }
    }

    @Test("With one every hour it is a day, not three backups, until a gap is behind", arguments: [(3, true), (24, true), (25, false)])
    func hourlyAfterJump(backupsSince: Int, isFrozen: Bool) {
        let before = (0..<40).map { candidate(daysAgo: 365 + Double($0)) }
        let since = (0..<backupsSince).map { candidate(daysAgo: Double($0) / 24) }
        let plan = plan(since + before)
        #expect(plan.removed.count == (isFrozen ? 0 : 40))
        #expect(plan.freezes.map { $0.reason.hasSuffix(", and those since then are of less than a day") } == (isFrozen ? [true] : []))
        #expect(self.plan(since + before, acceptsGaps: true).removed.count == 40)
    }

    @Test("What rules that count have thinned out is no gap, however young the last ones are")
    func thinned() {
        let hourly = (0..<5).map { candidate(daysAgo: Double($0) / 24) }
        let monthly = (1..<12).map { candidate(daysAgo: 30 * Double($0)) }
        let counted = plan(hourly + monthly, policy { ($0.last, $0.monthly) = (4, 3) })
        #expect(counted.freezes.isEmpty && !counted.removed.isEmpty)
        var young = policy { $0.days = 1 }
        young.monthly = 3
        let short = plan(hourly + monthly, young)
        #expect(short.freezes.isEmpty && !short.removed.isEmpty)
    }

    @Test("Another database's backups, however similar its name, stand in for nothing, nor those of another server's")
    func otherDatabases() {
        let mine = (0..<4).map { candidate(daysAgo: 40 + Double($0)) }
        for covers in [["1/call_center_2"], ["1/call"], ["2/call_center"]] as [Set<String>] {
            let others = (0..<40).map { candidate(daysAgo: 0.5 + Double($0), covers: covers) }
            let plan = plan(mine + others)
            #expect(Set(plan.removed).isDisjoint(with: mine.map(\.id)))
            #expect(plan.removed.count == 10)
        }
    }

    @Test("A backup of more stands in for one of fewer, never the other way")
    func supersets() {
        let both = (0..<5).map { candidate(daysAgo: 0.5 + Double($0), covers: ["1/call_center", "1/billing"]) }
        #expect(plan(both + daily(5, from: 40)).removed.count == 5)
        let olderBoth = (0..<5).map { candidate(daysAgo: 40 + Double($0), covers: ["1/call_center", "1/billing"]) }
        #expect(plan(olderBoth + daily(5)).removed.isEmpty)
    }

    @Test("A store is given the copies it lacks, but none that it would only remove again, or keep because it is frozen")
    func wanted() {
        let held = [0.5, 1.5, 2.5, 3.5].map { point($0) }
        let missing = [29, 31].map { point($0) }
        #expect(Retention(policy(), now: now).wanted(missing, among: held) == [missing[0].id])
        #expect(Retention(policy(), now: now).wanted([point(31)], among: []).count == 1)
        #expect(Retention(policy(), now: now).wanted([held[1]], among: held) == [held[1].id])
        let unproved = Retention(policy(), now: now).wanted([point(31, isVerified: false)], among: held)
        #expect(unproved.isEmpty)
    }

    @Test("An empty store is given what its rules would leave there, not all there is")
    func wantedTogether() {
        let all = (0..<20).map { point(Double($0) + 0.5) }
        #expect(Retention(policy { $0.last = 5 }, now: now).wanted(all, among: []) == Set(all.prefix(5).map(\.id)))
    }

    @Test("While too few have passed the proof, a store is given what it would keep if all of them had", arguments: [true, false])
    func wantedUnproved(hasOneProved: Bool) {
        let all = (0..<20).map { point(Double($0) + 0.5, isVerified: hasOneProved && $0 == 10) }
        let wanted = Retention(policy { $0.last = 5 }, now: now).wanted(all, among: [])
        #expect(wanted.isSuperset(of: all.prefix(5).map(\.id)))
        // The one that passed is all there is of that kind.
        #expect(
            wanted.subtracting(all.prefix(5).map(\.id))
                == (hasOneProved ? Set(all[0...10].map(\.id)).subtracting(all.prefix(5).map(\.id)) : []))
    }

    private func point(_ days: Double, isVerified: Bool = true) -> RecoveryPoint {
        let time = now + .seconds(-days * 86_400)
        let key = ArtifactName.dump(of: "call_center", id: RecoveryPointID(at: time), format: .gzippedSQL)
        let dump = Artifact(key: key, kind: .postgresDump, format: .gzippedSQL, database: "call_center", bytes: 4, sha256: "00")
        let verdict = Verification(artifact: key, level: .restore, at: time, seconds: 1, passed: true, reasons: [])
        let manifest = Manifest(
            id: RecoveryPointID(at: time), startedAt: time, finishedAt: time, artifacts: [dump], verifications: isVerified ? [verdict] : [])
        return RecoveryPoint(manifest: manifest, store: "/backups", stored: [key: 4])
    }

    @Test("Nothing goes while a manifest cannot be read: it may be the suspicious one")
    func unreadable() {
        let torn = ["20260601T000000Z.json", "20260602T000000Z.json"].map { UnreadableManifest(key: $0, reason: "503") }
        let plan = Retention(policy(), now: now).plan(daily(40), unreadable: torn)
        #expect(plan.removed.isEmpty)
        #expect(plan.freezes.map(\.reason) == ["nothing is removed while a manifest cannot be read: 20260602T000000Z.json, and 1 other"])
        #expect(plan.decisions.last?.reasons == plan.freezes.map(\.reason))
    }

    @Test("A manifest says what it covers, what it lacks included, and what counts of it")
    func coverage() throws {
        let begin = now + .seconds(-60)
        let key = ArtifactName.dump(of: "call_center", id: RecoveryPointID(at: begin), format: .gzippedSQL)
        let dump = Artifact(key: key, kind: .postgresDump, format: .gzippedSQL, database: "call_center", bytes: 4, sha256: "00")
        var manifest = Manifest(
            id: RecoveryPointID(at: begin), startedAt: begin, finishedAt: now, artifacts: [dump],
            postgres: PostgresFacts(serverVersion: "17", systemIdentifier: "7", isStandby: false, snapshots: []),
            lacking: [MissingPart(kind: .redisDump, reason: "gone")])
        // What it lacks of Redis nobody can lose; what it lacks of PostgreSQL is some server's.
        #expect(manifest.coverage(RedisIdentities([manifest])) == ["7/call_center"])
        manifest.lacking.append(MissingPart(kind: .postgresDump, database: "billing", reason: "gone"))
        #expect(manifest.coverage(RedisIdentities([manifest])) == ["7/call_center", "7/billing"])
        func counts(_ level: Verification.Level, _ proof: RetentionPolicy.Proof) -> Bool {
            manifest.verifications = [Verification(artifact: key, level: level, at: now, seconds: 1, passed: true, reasons: [])]
            return RetentionCandidate(
                RecoveryPoint(manifest: manifest, store: "/backups", stored: [key: 4]), proof, RedisIdentities([manifest])
            ).counts
        }
        #expect(!counts(.restore, .restore))
        manifest.lacking = []
        #expect(counts(.restore, .restore) && counts(.restore, .content) && counts(.content, .content))
        #expect(!counts(.content, .restore) && !counts(.quick, .content) && !counts(.quick, .restore) && !counts(.digest, .content))
    }
}
