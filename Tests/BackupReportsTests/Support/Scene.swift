import BackupModel

@testable import BackupCatalog
@testable import BackupReports

/// States of the world as a service meets them, at 09:00 of a February morning: backups are due at 02:00.
enum Scene: String, CaseIterable {
    case good, checked, stored, running, retrying
    case newborn, firstUnderWay, firstFailed, firstLate, redisNever
    case sourceGone, credentials, died, storeRefused, noSpace, oldFailure
    case takenElsewhere, neverHere
    case verificationFailed, overdue, stalled, lacking
    case diskFull, inodesFull, storeDown, missingCopies, suspicious, reuseDiffered, unproved, frozen, undelivered
    case everything

    static let now = Instant(secondsSinceEpoch: 1_771_059_600)

    var facts: ServiceFacts {
        var facts = SceneFacts.good
        change(&facts)
        return facts
    }

    private func change(_ facts: inout ServiceFacts) {
        switch self {
        case .good: break
        case .newborn, .firstUnderWay, .firstFailed, .firstLate, .redisNever: changeBeginning(&facts)
        case .checked: facts.points = [SceneFacts.point(level: .content)]
        case .stored: facts.points = [SceneFacts.point(level: nil)]
        case .running: facts.current = SceneFacts.current(.schedule)
        case .takenElsewhere, .neverHere: changeElsewhere(&facts)
        case .retrying:
            Scene.sourceGone.change(&facts)
            facts.current = SceneFacts.current(.retry)
        case .sourceGone:
            facts.fail(RunFailure(code: .sourceUnreachable, message: "cannot connect to db:5432: connection refused"), [.postgres])
        case .credentials:
            facts.fail(RunFailure(code: .authenticationFailed, message: "db:5432 denied access to role backup"), [.postgres])
        case .storeRefused:
            facts.fail(RunFailure(code: .storeFailed, message: "s3://backups: permission denied (403 AccessDenied)"), [.postgres, .redis])
            facts.stores[1].failure = RunFailure(code: .storeFailed, message: "s3://backups cannot be listed: 403 AccessDenied")
        case .noSpace:
            facts.fail(RunFailure(code: .outOfSpace, message: "there is no room for the backup in /backups"), [.postgres, .redis])
            facts.disks[0].freeBytes = 3_000_000_000
        case .died:
            let failure = RunFailure(code: .failed, message: "its process was killed, or the machine went down")
            let outcomes = facts.targets.map { TargetOutcome(target: $0, succeeded: false) }
            facts.runs.insert(SceneFacts.run(day: 14, outcomes: outcomes, isFinished: false, failure: failure), at: 0)
        case .oldFailure:
            facts.runs = []
            facts.points = []
            facts.history[.redis] = TargetHistory(lastAttempt: Self.now + .seconds(-3600 * 7), lastSuccess: nil, failed: 4)
        default: changeQuietly(&facts)
        }
    }

    /// The other host of a pair has the backup of 06:30, and this one has none of its own since, or never had any.
    private func changeElsewhere(_ facts: inout ServiceFacts) {
        facts.points.insert(SceneFacts.point(level: .restore, day: "20260214", time: "063000"), at: 0)
        guard self == .takenElsewhere else {
            (facts.runs, facts.history) = ([], [:])
            return
        }
        facts.fail(RunFailure(code: .sourceUnreachable, message: "cannot connect to db:5432: no route to host"), [.postgres, .redis])
    }

    private func changeBeginning(_ facts: inout ServiceFacts) {
        if self == .redisNever {
            for place in facts.points.indices { facts.points[place].manifest.artifacts.removeAll { $0.kind == .redisDump } }
            facts.history[.redis] = TargetHistory(lastAttempt: Self.now + .seconds(-25_200), failed: 3)
            return facts.fail(RunFailure(code: .sourceUnreachable, message: "cannot connect to cache:6379: refused"), [.redis])
        }
        (facts.runs, facts.points, facts.history) = ([], [], [:])
        facts.schedule.last = nil
        switch self {
        case .firstUnderWay: facts.current = SceneFacts.current(.person)
        case .firstLate: facts.schedule.last = Instant(secondsSinceEpoch: 1_771_034_400)
        case .firstFailed:
            facts.history[.postgres] = TargetHistory(lastAttempt: Self.now + .seconds(-25_200), failed: 1)
            facts.history[.redis] = TargetHistory(lastAttempt: Self.now + .seconds(-25_200), failed: 1)
            facts.runs = [
                SceneFacts.run(
                    day: 14, outcomes: [],
                    failure: RunFailure(code: .sourceUnreachable, message: "cannot connect to db:5432: connection refused"))
            ]
        default: break
        }
    }

    /// No backup failed, and still not all is well.
    private func changeQuietly(_ facts: inout ServiceFacts) {
        switch self {
        case .verificationFailed:
            facts.history[.postgres]?.failedVerification = true
            facts.points = [SceneFacts.point(level: .restore, passed: false)]
            let failure = RunFailure(code: .verificationFailed, message: "the table calls lacks 3 rows")
            let checked = facts.runs.firstIndex { $0.id == "run-14-2" } ?? 0
            facts.runs[checked].outcomes[0] = TargetOutcome(target: .postgres, succeeded: false, verified: false, failure: failure)
        case .overdue:
            facts.now = facts.now + .seconds(86_400)
            facts.limits.proof = nil
        case .stalled:
            facts.current = SceneFacts.current(.schedule)
            facts.current?.lastMoved = Self.now + .seconds(-1260)
        case .lacking:
            facts.points[0].manifest.artifacts.removeAll { $0.kind == .redisDump }
            facts.points[0].manifest.lacking = [MissingPart(kind: .redisDump, reason: "cache:6379 closed the connection")]
        case .diskFull: facts.disks[0].freeBytes = 6_100_000_000
        case .inodesFull: facts.disks[0].freeInodes = 120_000
        case .storeDown:
            facts.stores[1].failure = RunFailure(
                code: .storeFailed, message: "s3://backups cannot be listed: no connection in time",
                kind: FailureKind(obstacle: "unreachable"))
        case .missingCopies: facts.points[0].copies.removeLast()
        case .suspicious:
            facts.points[0].manifest.suspicion = Suspicion(reasons: ["the table calls went from 9,000,000 rows to 12"])
        case .reuseDiffered:
            let evidence =
                "blocks 0 to 63 of public.calls were taken for unchanged and are not: 9 rows, digest a1 before, 9 rows, digest b2 now"
            facts.points[0].manifest.suspicion = Suspicion(reasons: ["call_center: \(evidence)"])
            facts.points[0].manifest.artifacts[0].origins = RowOrigins(
                reusedBytes: 0, readBytes: 730_000_000, source: "/backups/call_center-20260213T020000Z.sql.gz", difference: evidence)
        case .unproved:
            facts.history[.postgres]?.lastVerified = Self.now + .seconds(-20 * 86_400)
            facts.history[.redis]?.lastVerified = nil
            facts.points = [SceneFacts.point(level: nil), SceneFacts.point(level: nil, day: "20260110")]
        case .frozen:
            facts.stores[0].retention.freezes = [
                .init(reason: "nothing is removed while a manifest cannot be read: 20260213T020000Z.json", hint: "")
            ]
        case .undelivered:
            facts.channels[0] = ChannelFacts(
                name: "pagerduty", waiting: 2, since: Self.now + .seconds(-1500), failure: "no connection to events.pagerduty.com")
        case .everything:
            for scene in [Scene.noSpace, .verificationFailed, .storeDown, .suspicious, .frozen, .undelivered] { scene.change(&facts) }
        default: break
        }
    }
}

extension ServiceFacts {
    /// The backup of this morning failed for these targets.
    mutating func fail(_ failure: RunFailure, _ failed: [BackupTarget]) {
        let outcomes = targets.map { target in
            failed.contains(target)
                ? TargetOutcome(target: target, succeeded: false, failure: failure)
                : TargetOutcome(target: target, succeeded: true, bytes: 1_000_000, rows: 10)
        }
        runs.insert(SceneFacts.run(day: 14, hour: 6, outcomes: outcomes, failure: failure), at: 0)
        for target in failed {
            history[target]?.lastAttempt = runs[0].startedAt
            history[target]?.failed += 1
        }
    }
}
