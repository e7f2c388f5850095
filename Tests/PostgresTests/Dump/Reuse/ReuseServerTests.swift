import BackupTestKit
import DumpFormat
import Testing

@testable import Postgres

/// The same where the server has a history, too: it crashes, is put back to an earlier time, or another one takes its place.
@Suite struct ReuseServerTests {
    @Test(arguments: HistoryTrials.versions)
    func noHistoryOfAServerMakesADumpDiffer(version: Int) async throws {
        try requireServer(version)
        for number in 0..<HistoryTrials.serverCount {
            try await withPostgres(version: version, settings: History.settings) { server in
                var life = try await Life(server, seed: HistoryTrials.firstSeed + UInt64(number))
                for event in life.events() {
                    try await life.undergo(event)
                    guard try await life.backUp() else { break }
                }
                await life.history.close()
            }
        }
    }

    /// What a standby has replayed is what its primary did: its own backups follow one another.
    @Test(arguments: HistoryTrials.versions)
    func noHistoryOfAPrimaryMakesADumpOfItsStandbyDiffer(version: Int) async throws {
        try requireServer(version)
        for number in 0..<HistoryTrials.serverCount {
            try await withPostgres(version: version, settings: History.settings) { primary in
                try await primary.createDatabase(Life.database)
                try await primary.psql(History.shape, database: Life.database)
                try await withStandby(of: primary, settings: History.settings) { standby in
                    try await follow(primary, on: standby, seed: HistoryTrials.firstSeed + UInt64(number))
                }
            }
        }
    }

    private func follow(_ primary: PostgresServer, on standby: PostgresServer, seed: UInt64) async throws {
        let history = try await History(primary, Life.database, seed: seed)
        try await standby.catchUp(with: primary)
        var last = try await Day.take(Life.database, on: standby, after: nil)
        var taken = 0
        for day in 1...8 {
            // The first day is a quiet one.
            try await history.go(steps: day == 1 ? 0 : 3)
            try await standby.catchUp(with: primary)
            last = try await Day.take(Life.database, on: standby, after: last)
            taken += last.taken
            let difference = try await last.difference()
            #expect(
                difference == nil, "seed \(seed), PostgreSQL \(primary.major), day \(day):\n\(history.log.joined(separator: "\n"))")
            if difference != nil { break }
        }
        await history.close()
        #expect(taken > 0)
    }

    /// IDs in rows have 32 bits, and begin anew after 2^32 transactions.
    @Test(arguments: [14, 18])
    func whereTransactionIDsBeginAnewWhatChangedIsRead(version: Int) async throws {
        try requireServer(version)
        try await withPostgres(version: version, settings: ["autovacuum_freeze_max_age": "2000000000"]) { server in
            try await server.age(to: 4_294_966_000)
            try await server.createDatabase(Life.database)
            try await server.psql(History.shape, database: Life.database)
            let first = try await Day.take(Life.database, on: server, after: nil)
            try await server.psql("DO 'BEGIN FOR i IN 1..1500 LOOP PERFORM pg_current_xact_id(); COMMIT; END LOOP; END'")
            try await server.psql("UPDATE c SET note = 'x' WHERE id = 1", database: Life.database)
            let second = try await Day.take(Life.database, on: server, after: first)
            let (before, after) = (try #require(first.index.ground).xmin, try #require(second.index.ground).xmin)
            #expect(before < 1 << 32 && after > 1 << 32)
            #expect(try await second.difference() == nil)
            // The row's old place and its new one.
            #expect((1...2).contains(second.segments - second.taken), "\(second.reasons)")
            let history = try await History(server, Life.database, seed: HistoryTrials.firstSeed)
            try await history.go(steps: 12)
            let third = try await Day.take(Life.database, on: server, after: second)
            #expect(try await third.difference() == nil, "\(history.log.joined(separator: "\n"))")
            await history.close()
        }
    }

    /// Frozen rows keep their IDs, and those of more than 2^31 transactions ago seem to come from the future.
    @Test(arguments: [14, 18])
    func rowsOlderThanHalfOfAllTransactionIDsAreTakenOver(version: Int) async throws {
        try requireServer(version)
        try await withPostgres(version: version, settings: ["autovacuum_freeze_max_age": "2000000000"]) { server in
            try await server.psql(History.shape)
            try await server.age(to: 3_000_000_000)
            #expect(try await server.psql("SELECT bool_and(age(xmin) < 0) FROM c") == "t")
            let first = try await Day.take("postgres", on: server, after: nil)
            let second = try await Day.take("postgres", on: server, after: first)
            #expect(try await second.difference() == nil)
            #expect(second.segments > 0 && second.taken == second.segments, "\(second.reasons)")
        }
    }

    /// What the standby and its primary had in common is no longer what they have.
    @Test(arguments: [14, 18])
    func afterAPromotionEverythingIsRead(version: Int) async throws {
        try requireServer(version)
        try await withPostgres(version: version, settings: History.settings) { primary in
            try await primary.createDatabase(Life.database)
            try await primary.psql(History.shape, database: Life.database)
            let before = try await History(primary, Life.database, seed: HistoryTrials.firstSeed)
            try await before.go(steps: 6)
            await before.close()
            try await withStandby(of: primary, settings: History.settings) { standby in
                try await standby.catchUp(with: primary)
                let bases = [
                    try await Day.take(Life.database, on: primary, after: nil), try await Day.take(Life.database, on: standby, after: nil),
                ]
                try await standby.promote()
                // The new timeline stands in the control file from its first checkpoint on.
                try await standby.psql("CHECKPOINT")
                let after = try await History(standby, Life.database, seed: HistoryTrials.firstSeed + 1, from: before.number)
                try await after.go(steps: 12)
                for base in bases {
                    let day = try await Day.take(Life.database, on: standby, after: base)
                    #expect(try await day.difference() == nil, "\(after.log.joined(separator: "\n"))")
                    #expect(day.taken == 0)
                }
                await after.close()
                let first = try await Day.take(Life.database, on: standby, after: nil)
                let second = try await Day.take(Life.database, on: standby, after: first)
                // The server it became is one to take over from.
                #expect(try await second.difference() == nil && second.taken > 0)
            }
        }
    }
}

/// A server that backups are taken of while things befall it.
private struct Life {
    enum Event {
        case nothing
        case restart
        case crash
        case crashOfOneProcess
        case keep
        case goBack
    }

    static let database = "life"
    let server: PostgresServer
    let history: History
    private let seed: UInt64
    private var days: [Day]
    /// The first of the days since the server's last interruption: what was taken before is no ground any more.
    private var newest = 0
    private var isKept = false

    init(_ server: PostgresServer, seed: UInt64) async throws {
        self.server = server
        self.seed = seed
        try await server.createDatabase(Self.database)
        try await server.psql(History.shape, database: Self.database)
        history = try await History(server, Self.database, seed: seed)
        days = [try await Day.take(Self.database, on: server, after: nil)]
    }

    /// Each at least once, in an order of the seed's; what is kept first can be gone back to.
    func events() -> [Event] {
        var rest: [Event] = [.nothing, .restart, .crash, .crashOfOneProcess, .nothing, .goBack]
        var order: [Event] = [.keep]
        while !rest.isEmpty { order.append(rest.remove(at: history.pick(rest.count))) }
        return order + [.nothing]
    }

    mutating func undergo(_ event: Event) async throws {
        history.note("\(event)")
        switch event {
        case .nothing: break
        case .restart: try await server.restart(.fast)
        case .crash: try await server.restart(.immediate)
        case .crashOfOneProcess: try await server.crashOneProcess()
        case .keep: try await server.keepData(as: "kept")
        case .goBack: try await server.returnToData("kept")
        }
        if event != .nothing {
            newest = days.count
            try await history.reopen()
        }
        try await history.go(steps: 3)
    }

    /// Two backups of the day: after the newest one, and after any other, which may be of a time that never was.
    /// - Returns: false where one of them differs from what a reading finds; that has been said then.
    mutating func backUp() async throws -> Bool {
        for base in [days.count - 1, history.pick(days.count)] {
            let today = try await Day.take(Self.database, on: server, after: days[base])
            let difference = try await today.difference()
            #expect(
                difference == nil, "seed \(seed), PostgreSQL \(server.major), after day \(base):\n\(history.log.joined(separator: "\n"))")
            if base < newest { #expect(today.taken == 0, "something of a day before the interruption was taken over") }
            days.append(today)
            guard difference == nil else { return false }
        }
        return true
    }
}
