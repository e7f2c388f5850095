import BackupModel
import BackupTestKit
import DumpFormat
import Testing

@testable import Postgres

@Suite("What the sequences of a database stand at")
struct SequenceValuesTests {
    private static let shape = #"""
        CREATE SEQUENCE a; CREATE SEQUENCE used; SELECT setval('used', 41); CREATE SEQUENCE down INCREMENT -1 START -5;
        CREATE SCHEMA "Odd ""one.'s"; CREATE SEQUENCE "Odd ""one.'s"."it's\";
        """#

    private func withValues(
        _ shape: String, meanwhile change: String = "SELECT", _ check: ([String: SequenceValue]) throws -> Void
    ) async throws {
        try await withDatabase { server, database in
            try await server.psql(shape, database: database)
            let request = DumpRequest(
                target: try ConnectionTarget(url: server.url(database: database)), jobs: 1, lockTimeout: .seconds(60), tool: "tests",
                timestamp: { "2026-02-14T02:00:00Z" })
            let values = try await Snapshot.hold(for: request) { snapshot in
                try await server.psql(change, database: database)
                return try await SequenceValues.read(in: snapshot.name, of: request)
            }
            try check(Dictionary(uniqueKeysWithValues: values.map { (String(decoding: $0, as: UTF8.self), $1) }))
        }
    }

    @Test("is read from each, whatever its name")
    func names() async throws {
        try await withValues(Self.shape) { values in
            #expect(
                values == [
                    "\"public\".\"a\"": SequenceValue(last: 1, isCalled: false),
                    "\"public\".\"used\"": SequenceValue(last: 41, isCalled: true),
                    "\"public\".\"down\"": SequenceValue(last: -5, isCalled: false),
                    #""Odd ""one.'s"."it's\""#: SequenceValue(last: 1, isCalled: false),
                ])
        }
    }

    @Test("is read in batches where there are many, and none is passed over")
    func many() async throws {
        let shape = "DO 'BEGIN FOR i IN 1..1201 LOOP EXECUTE format(''CREATE SEQUENCE s%s START %s'', i, i); END LOOP; END'"
        try await withValues(shape) { values in
            let expected = (1...1201).map { ("\"public\".\"s\($0)\"", SequenceValue(last: Int64($0), isCalled: false)) }
            #expect(values == Dictionary(uniqueKeysWithValues: expected))
        }
    }

    @Test("is that of the moment, of those the snapshot has")
    func later() async throws {
        try await withValues(Self.shape, meanwhile: "SELECT nextval('used'); CREATE SEQUENCE later") { values in
            #expect(values.count == 4 && values["\"public\".\"used\""] == SequenceValue(last: 42, isCalled: true))
        }
    }

    @Test("is not known where another one has a name now")
    func replaced() async throws {
        let error = await #expect(throws: BackupError.self) {
            try await withValues(Self.shape, meanwhile: "DROP SEQUENCE used; CREATE SEQUENCE used") { _ in }
        }
        #expect(error?.message.contains("was dropped or renamed since the snapshot was taken") == true)
    }
}
