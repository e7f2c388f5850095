import BackupModel
import Testing

@testable import BackupEngine

@Suite("What a schedule decides")
struct ScheduleTests {
    private let retry = RetryRules(count: 3, delay: .seconds(300), longestDelay: .seconds(3600))

    private func at(_ text: String) -> Instant { Instant(iso8601: "2026-02-\(text):00Z") ?? Instant(secondsSinceEpoch: 0) }

    private func daily(_ kind: RunRecord.Kind = .backup, _ text: String = "0 2 * * *", delay: Duration = .zero, catchesUp: Bool = true)
        throws
        -> JobSchedule
    {
        JobSchedule(
            kind, on: .slots(CronSlots(try CronExpression(text), in: .utc)), targets: kind == .backup ? [.postgres, .redis] : [],
            delay: delay, retry: kind == .backup ? retry : .never, catchesUp: catchesUp)
    }

    private func run(
        _ kind: RunRecord.Kind = .backup, slot: String?, from start: String, to end: String?, saved: [Bool] = [true, true],
        _ failure: BackupError.Code? = nil
    ) -> RunRecord {
        RunRecord(
            id: start, kind: kind, trigger: .schedule, slot: slot.map(at), host: "a", process: 1, startedAt: at(start),
            finishedAt: end.map(at),
            outcomes: zip([BackupTarget.postgres, .redis], saved).map { TargetOutcome(target: $0, succeeded: $1) },
            failure: failure.map { RunFailure(code: $0, message: "") })
    }

    private func decide(_ jobs: [JobSchedule], _ now: String, up: String = "01T00:00", covered: String? = nil, _ runs: [RunRecord] = [])
        -> String
    {
        let history = ScheduleHistory(runs: runs, upSince: at(up), covered: covered.map(at))
        guard let next = Schedule(jobs).decide(at: at(now), after: history) else { return "nothing" }
        let slot = next.slot.map { " for \($0.display.dropFirst(8).prefix(8))" } ?? ""
        return "\(next.kind.rawValue) by \(next.trigger.rawValue) at \(next.at.display.dropFirst(8).prefix(8))\(slot): \(next.reason)"
    }

    private let tomorrow = "backup by schedule at 15 02:00 for 15 02:00: the next slot"

    @Test("Nothing scheduled is nothing to do; a slot waits for its moment, and is done once")
    func slots() throws {
        let jobs = [try daily()]
        let earlier = run(slot: "13T02:00", from: "13T02:00", to: "13T02:10")
        let done = run(slot: "14T02:00", from: "14T02:00", to: "14T02:10")
        #expect(decide([], "14T02:00") == "nothing")
        #expect(decide(jobs, "14T01:59", [earlier]) == "backup by schedule at 14 02:00 for 14 02:00: the next slot")
        #expect(decide(jobs, "14T02:00", [earlier]) == "backup by schedule at 14 02:00 for 14 02:00: its slot has come")
        #expect(decide(jobs, "14T02:10", [done, earlier]) == tomorrow)
    }

    @Test("What missed its slot while nobody was there is made up for once, unless it is not to be, or a newer backup is there")
    func catchUp() throws {
        let missed = "backup by catch-up at 14 02:00 for 14 02:00: its slot was missed while no service was running"
        let old = run(slot: "11T02:00", from: "11T02:00", to: "11T02:10")
        let caughtUp = run(slot: "14T02:00", from: "14T09:00", to: "14T09:10")
        #expect(decide([try daily()], "14T09:00", up: "14T08:59", [old]) == missed)
        #expect(decide([try daily()], "14T09:00", up: "14T08:59") == missed)
        #expect(decide([try daily()], "14T09:11", up: "14T08:59", [caughtUp, old]) == tomorrow)
        #expect(decide([try daily(catchesUp: false)], "14T09:00", up: "14T08:59", [old]) == tomorrow)
        #expect(decide([try daily()], "14T09:00", up: "14T08:59", covered: "14T02:00", [old]) == tomorrow)
        #expect(decide([try daily()], "14T09:00", up: "14T08:59", covered: "14T01:59", [old]) == missed)
    }

    @Test("A failure is tried again, later each time, until there were enough")
    func retries() throws {
        let jobs = [try daily()]
        var runs = [run(slot: "14T02:00", from: "14T02:00", to: "14T02:01", saved: [false, false], .sourceUnreachable)]
        #expect(decide(jobs, "14T02:02", runs) == "backup by retry at 14 02:06 for 14 02:00: attempt 2 of 4, after a failure")
        // Whoever was started again in between goes on with it.
        #expect(decide(jobs, "14T02:09", up: "14T02:08", runs).hasPrefix("backup by retry at 14 02:06"))
        runs.insert(run(slot: "14T02:00", from: "14T02:06", to: "14T02:07", saved: [true, false], .partlyDone), at: 0)
        #expect(decide(jobs, "14T02:08", runs) == "backup by retry at 14 02:17 for 14 02:00: attempt 3 of 4, after a failure")
        runs.insert(run(slot: "14T02:00", from: "14T02:17", to: "14T02:18", .verificationFailed), at: 0)
        #expect(decide(jobs, "14T02:19", runs) == "backup by retry at 14 02:38 for 14 02:00: attempt 4 of 4, after a failure")
        let good = run(slot: "14T02:00", from: "14T02:38", to: "14T02:40")
        #expect(decide(jobs, "14T02:41", [good] + runs) == tomorrow)
        runs.insert(run(slot: "14T02:00", from: "14T02:38", to: "14T02:40", saved: [false, false], .failed), at: 0)
        #expect(decide(jobs, "14T02:41", runs) == tomorrow)
    }

    @Test(
        "Not tried again is what stays as it is: wrong settings, data that shrank",
        arguments: [BackupError.Code.invalidConfiguration, .suspicious])
    func permanent(code: BackupError.Code) throws {
        let failed = run(slot: "14T02:00", from: "14T02:00", to: "14T02:01", saved: [code == .suspicious, code == .suspicious], code)
        #expect(decide([try daily()], "14T02:02", [failed]) == tomorrow)
    }

    @Test("A run whose process died counts as an attempt; one that found another at work does not")
    func unfinished() throws {
        let dead = run(slot: "14T02:00", from: "14T02:00", to: nil, saved: [])
        #expect(decide([try daily()], "14T02:02", up: "14T02:01", [dead]).hasPrefix("backup by retry at 14 02:05"))
        let refused = run(slot: "14T02:00", from: "14T02:00", to: "14T02:00", saved: [], .lockHeld)
        #expect(decide([try daily()], "14T02:02", [refused]).hasPrefix("backup by schedule at 14 02:00 for 14 02:00: its slot has come"))
    }

    @Test("One that its service's stop called off is taken at the next start, and is no attempt", arguments: [true, false])
    func calledOff(catchesUp: Bool) throws {
        let jobs = [try daily(catchesUp: catchesUp)]
        var stopped = run(slot: "14T02:00", from: "14T02:00", to: "14T02:01", saved: [false, false], .failed)
        stopped.failure?.kind = FailureKind()
        stopped.failure?.kind?.isCalledOff = true
        let again = "backup by catch-up at 14 02:00 for 14 02:00: it was called off, as the service had to stop"
        #expect(decide(jobs, "14T02:02", up: "14T02:02", [stopped]) == again)
        let failed = run(slot: "14T02:00", from: "14T02:02", to: "14T02:03", saved: [false, false], .failed)
        let second = "backup by retry at 14 02:08 for 14 02:00: attempt 2 of 4, after a failure"
        #expect(decide(jobs, "14T02:04", up: "14T02:02", [failed, stopped]) == second)
        #expect(decide(jobs, "14T02:04", up: "14T02:02", [run(slot: "14T02:00", from: "14T02:02", to: "14T02:03"), stopped]) == tomorrow)
    }

    @Test("The next attempt is told with its number, and none where nothing failed or the next slot comes first")
    func attempts() throws {
        let schedule = Schedule([try daily()])
        func next(_ now: String, _ runs: [RunRecord], covered: String? = nil) -> String {
            let history = ScheduleHistory(runs: runs, upSince: at("14T02:30"), covered: covered.map(at))
            guard let attempt = schedule.nextAttempt(at: at(now), after: history) else { return "none" }
            return "\(attempt.number) of \(attempt.count) at \(attempt.at.display.dropFirst(8).prefix(8))"
        }
        let failed = run(slot: "14T02:00", from: "14T02:00", to: "14T02:01", saved: [false, false], .sourceUnreachable)
        #expect(next("14T02:02", [failed]) == "2 of 4 at 14 02:06")
        #expect(next("14T02:02", [failed], covered: "14T02:01") == "none")
        #expect(next("14T02:02", [run(slot: "14T02:00", from: "14T02:00", to: "14T02:01")]) == "none")
        #expect(next("15T02:00", [failed]) == "none")
        let wrong = run(slot: "14T02:00", from: "14T02:00", to: "14T02:01", saved: [false, false], .invalidConfiguration)
        #expect(next("14T02:02", [wrong]) == "none")
    }

    @Test("The next slot takes the place of further attempts at the last one")
    func overtaken() throws {
        let jobs = [try daily(.backup, "*/10 * * * *")]
        let failed = run(slot: "14T02:00", from: "14T02:00", to: "14T02:08", saved: [false, false], .failed)
        #expect(decide(jobs, "14T02:09", [failed]) == "backup by schedule at 14 02:10 for 14 02:10: the next slot")
        #expect(decide(jobs, "14T02:10", [failed]) == "backup by schedule at 14 02:10 for 14 02:10: its slot has come")
    }

    @Test("A host's delay moves the moment, not the slot, and never over half of the way to the next")
    func delay() throws {
        #expect(
            decide([try daily(delay: .seconds(600))], "14T02:05", up: "14T02:03")
                == "backup by schedule at 14 02:10 for 14 02:00: its slot has come")
        let jobs = [try daily(.backup, "*/10 * * * *", delay: .seconds(1800))]
        #expect(decide(jobs, "14T02:01") == "backup by schedule at 14 02:05 for 14 02:00: its slot has come")
    }

    @Test("Of several that are due the backup goes first; retention follows each backup that succeeded, once")
    func severalJobs() throws {
        let jobs = [
            try daily(), JobSchedule(.pruning, on: .backup), try daily(.sync, "0 * * * *"), try daily(.reverification, "0 5 * * *"),
        ]
        #expect(decide(jobs, "14T02:00").hasPrefix("backup by schedule at 14 02:00"))
        let done = run(slot: "14T02:00", from: "14T02:00", to: "14T02:10")
        #expect(decide(jobs, "14T02:11", [done]) == "pruning by schedule at 14 02:10: a backup has succeeded")
        let failed = run(slot: "14T02:00", from: "14T02:00", to: "14T02:10", saved: [true, false], .partlyDone)
        #expect(decide(jobs, "14T02:11", [failed]).hasPrefix("sync by schedule at 14 02:00"))
        let pruned = run(.pruning, slot: nil, from: "14T02:11", to: "14T02:12", saved: [], .storeFailed)
        #expect(decide(jobs, "14T02:12", [pruned, done]) == "sync by schedule at 14 02:00 for 14 02:00: its slot has come")
        let synced = run(.sync, slot: "14T02:00", from: "14T02:12", to: "14T02:13", saved: [])
        let proved = run(.reverification, slot: nil, from: "13T10:00", to: "13T10:30")
        #expect(decide(jobs, "14T02:14", [synced, pruned, done, proved]) == "sync by schedule at 14 03:00 for 14 03:00: the next slot")
    }

    @Test("Served as it says, every slot of a month gets one run, however the service comes and goes")
    func property() throws {
        var generator = SplitMix(seed: 7)
        for _ in 0..<12 {
            let jobs = [try daily(.backup, ["0 2 * * *", "0 */6 * * *", "15 1,13 * * mon-fri"].randomElement(using: &generator) ?? "")]
            let down = Duration.seconds(Int64.random(in: 0..<100_000, using: &generator))
            var (now, runs, upSince) = (at("01T00:00"), [RunRecord](), at("01T00:00"))
            while now < at("28T00:00") {
                let next = try #require(
                    Schedule(jobs).decide(at: now, after: ScheduleHistory(runs: Array(runs.prefix(20)), upSince: upSince)))
                if next.at > now {
                    now = next.at
                    if Int.random(in: 0..<5, using: &generator) == 0 { (now, upSince) = (now + down, now + down) }
                    continue
                }
                #expect(!runs.contains { $0.slot == next.slot && $0.failure == nil })
                let fails = Int.random(in: 0..<4, using: &generator) == 0
                runs.insert(
                    RunRecord(
                        id: "\(runs.count)", kind: .backup, trigger: next.trigger, slot: next.slot, host: "a", process: 1, startedAt: now,
                        finishedAt: now + .seconds(60),
                        outcomes: [.postgres, .redis].map { TargetOutcome(target: $0, succeeded: !fails) },
                        failure: fails ? RunFailure(code: .failed, message: "") : nil), at: 0)
                now = now + .seconds(60)
            }
            let slots = runs.filter { $0.failure == nil }.compactMap(\.slot)
            #expect(Set(slots).count == slots.count)
            #expect(zip(slots, slots.dropFirst()).allSatisfy { $0 > $1 })
            #expect(runs.count { $0.failure != nil } <= 4 * Set(runs.compactMap(\.slot)).count)
        }
    }
}

@Suite("Delays")
struct DelayTests {
    @Test("Retries double their delay up to the longest")
    func backoff() {
        let rules = RetryRules(count: 9, delay: .seconds(300), longestDelay: .seconds(3600))
        #expect((1...6).map(rules.delay(after:)) == [300, 600, 1200, 2400, 3600, 3600].map { .seconds($0) })
        #expect(RetryRules(count: 1, delay: .seconds(60), longestDelay: .seconds(10)).delay(after: 1) == .seconds(10))
        #expect(RetryRules(count: 100, delay: .zero, longestDelay: .seconds(10)).delay(after: 100) == .zero)
    }

    @Test("A host always waits the same time, and hosts spread over the whole bound")
    func hosts() {
        #expect(HostDelay(of: "db1", below: .zero).delay == .zero)
        #expect(HostDelay(of: "db1", below: .seconds(600)) == HostDelay(of: "db1", below: .seconds(600)))
        let delays = (0..<1000).map { HostDelay(of: "db\($0)", below: .seconds(600)).delay }
        #expect(delays.allSatisfy { $0 >= .zero && $0 < .seconds(600) })
        for tenth in 0..<10 {
            #expect(delays.count { $0 >= .seconds(60 * tenth) && $0 < .seconds(60 * tenth + 60) } > 60)
        }
    }
}
