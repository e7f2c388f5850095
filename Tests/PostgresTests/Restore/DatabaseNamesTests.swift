import DumpFormat
import Testing

@testable import Postgres

@Suite struct DatabaseNamesTests {
    @Test func namesTellTheRecoveryPoint() {
        let names = DatabaseNames(database: "call_center", id: "20260214T020000Z")
        #expect(names.restored == "call_center_restored_20260214T020000Z")
        #expect(names.before == "call_center_before_20260214T020000Z")
    }

    @Test(arguments: [String(repeating: "x", count: 63), String(repeating: "ж", count: 31)])
    func longNamesGiveWayToTheirEnd(database: String) {
        let names = DatabaseNames(database: database, id: "20260214T020000Z")
        for name in [names.restored, names.ready, names.before] {
            #expect(name.utf8.count <= 63 && name.hasSuffix("_20260214T020000Z"))
        }
        #expect(Set([names.restored, names.ready, names.before]).count == 3)
    }

    @Test func theSwapIsOneTransaction() {
        let names = DatabaseNames(database: "a\"b", id: "x")
        let swap = DatabaseSwap(server: ConnectionTarget(), names: names, database: "a\"b", terminatesSessions: false)
        #expect(
            swap.statements
                == "BEGIN; ALTER DATABASE \"a\"\"b\" RENAME TO \"a\"\"b_before_x\"; ALTER DATABASE \"a\"\"b_restoring_x\" RENAME TO \"a\"\"b\"; COMMIT"
        )
    }

    @Test func theNewDatabaseHasTheLocaleOfTheOld() {
        var source = DumpIndex.Source(
            systemIdentifier: "", serverVersion: "17", serverVersionNumber: 170000, database: "d", encoding: "UTF8", collation: "C",
            characterType: "C", localeProvider: "b", locale: "C.UTF-8", snapshot: "", lsn: "", startedAt: "", finishedAt: "",
            isStandby: false)
        let common = "CREATE DATABASE \"n\" TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'"
        func statement(_ version: Int) -> String { DatabaseCreation(name: "n", source: source, serverVersion: version).statement }
        #expect(statement(170000) == common + " LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8'")
        source.localeProvider = "i"
        #expect(statement(150000) == common + " LOCALE_PROVIDER icu ICU_LOCALE 'C.UTF-8'")
        source.localeProvider = "c"
        #expect(statement(140000) == common)
        #expect(statement(160000) == common + " LOCALE_PROVIDER libc")
    }

    @Test func memoryForIndexesIsAShareOfTheMachines() {
        #expect(IndexMemory.share(ofMemory: 16 << 30, jobs: 2) == 1 << 30)
        #expect(IndexMemory.share(ofMemory: 4 << 30, jobs: 4) == 128 << 20)
        #expect(IndexMemory.share(ofMemory: 512 << 20, jobs: 8) == 64 << 20)
    }
}
