import BackupTestKit
import BackupVerification
import DumpFormat
import DumpSamples
import SystemPackage
import Testing

@Suite("A changed dump does not pass")
struct MutationTests {
    /// Of each kind, in each container.
    private static let seeds: ClosedRange<UInt64> = 1...34

    @Test("damaged bytes are noticed in a lone file, and the place is named", arguments: Damage.allCases, Container.allCases)
    func damage(_ damage: Damage, container: Container) async throws {
        try requireServer(15)
        let (dump, later) = try await anatomies(container)
        var wrong: [String] = []
        var tried = 0
        for seed in Self.seeds {
            guard let damaged = damage.applied(to: dump, later: later, seed: seed) else { continue }
            tried += 1
            let verdict = try await FileVerification(file: BytesInMemory(damaged.bytes), level: .content, jobs: 1).run()
            guard verdict.passed || !damaged.place.isNamed(by: verdict.findings) else { continue }
            wrong.append("seed \(seed), at \(damaged.place): \(verdict.findings.map(\.description))")
        }
        #expect(wrong == [])
        #expect(tried >= Self.seeds.count / 2)
    }

    @Test("rows that were forged with all lengths and checksums right are noticed, and their segments named", arguments: Forgery.allCases)
    func forgery(_ forgery: Forgery) async throws {
        try requireServer(15)
        let dumps = try await MutationSample.shared.dumps()
        var wrong: [String] = []
        var tried = 0
        for seed in Self.seeds {
            var dump = dumps.first
            dump.container = seed % 2 == 0 ? .gzip : .zstd
            guard let (bytes, places) = try forgery.applied(to: dump, later: dumps.later, seed: seed) else { continue }
            tried += 1
            let quick = try await FileVerification(file: BytesInMemory(bytes), level: .quick, jobs: 1).run()
            #expect(quick.passed, "seed \(seed): \(quick.findings)")
            let verdict = try await FileVerification(file: BytesInMemory(bytes), level: .content, jobs: 1).run()
            guard verdict.passed || !places.allSatisfy({ verdict.findings.contains(where: $0.isNamed) }) else { continue }
            wrong.append("seed \(seed), at \(places): \(verdict.findings.map(\.description))")
        }
        #expect(wrong == [])
        #expect(tried >= Self.seeds.count / 2)
    }

    @Test("the index of another day is noticed, and a segment it does not describe named", arguments: Container.allCases)
    func indexOfAnotherDay(container: Container) async throws {
        try requireServer(15)
        let (dump, later) = try await anatomies(container)
        for (body, end) in [(dump, later), (later, dump)] {
            let bytes = Array(body.bytes[..<body.index.lowerBound] + end.bytes[end.index.lowerBound...])
            let verdict = try await FileVerification(file: BytesInMemory(bytes), level: .content, jobs: 1).run()
            #expect(!verdict.passed)
            #expect(verdict.findings.contains { $0.table == "public.calls" && $0.segment != nil })
        }
    }

    /// Whoever makes the index lie as well can only be told from the truth by what is kept apart from the file.
    @Test("rows and index forged together are noticed by the manifest's SHA-256")
    func honestForgery() async throws {
        try requireServer(15)
        let dump = try await MutationSample.shared.dumps().first
        let digest = try await dump.write().sha256()
        for seed in Self.seeds.prefix(5) {
            var random = SeededRandom(seed: seed)
            var forged = dump
            let table = try #require(forged.rows.indices.filter { forged.rows[$0].count > 1 }.randomElement(using: &random))
            forged.rows[table][0].removeLast()
            let verdict = try await FileVerification(
                file: BytesInMemory(try forged.write(honest: true)), level: .content, jobs: 1, expectedSHA256: digest
            ).run()
            #expect(verdict.findings.count == 1)
            #expect(verdict.findings.first?.message.hasPrefix("the file's SHA-256 is ") == true, "seed \(seed): \(verdict.findings)")
        }
    }

    @Test("a file beside the manifest of another backup is noticed by its SHA-256, whatever else is right")
    func foreignManifest() async throws {
        try await withSmallDatabase { database, admin in
            let first = try await admin.backup(database)
            try await admin.server.psql("UPDATE calls SET id = id + 1", database: database)
            let second = try await admin.backup(database)
            try await Command("cp", [second.string, first.string]).output()
            let outcome = try await admin.command("db", "verify-backup", first.string, "--level", "restore").outcome()
            #expect(outcome.status == 3, "\(outcome)")
            #expect(outcome.output.contains("the file's SHA-256 is "))
        }
    }

    private func anatomies(_ container: Container) async throws -> (DumpAnatomy, later: DumpAnatomy) {
        var dumps = try await MutationSample.shared.dumps()
        dumps.first.container = container
        dumps.later.container = container
        return (try await DumpAnatomy(dumps.first.write()), try await DumpAnatomy(dumps.later.write()))
    }
}
