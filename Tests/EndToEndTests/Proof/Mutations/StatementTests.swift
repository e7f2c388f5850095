import BackupModel
import BackupTestKit
import BackupVerification
import DumpFormat
import DumpSamples
import Testing

@Suite("A dump whose script lost a statement does not pass, though lengths, checksums and index are right", .serialized)
struct StatementTests {
    @Test("the whole dump is proved", arguments: Container.allCases)
    func whole(container: Container) async throws {
        try requireServer(15)
        var dump = try await MutationSample.shared.dumps().first
        dump.container = container
        let bytes = try dump.write()
        let verdict = try await withTemporaryFolder { try await Prover(folder: $0).verdict(on: bytes) }
        #expect(verdict.level == .restore)
        #expect(verdict.findings == [])
    }

    /// The entries of the part with sequence values and large objects are not listed in the index.
    @Test("each statement in turn", arguments: [DumpIndex.ScriptPart.Kind.preData, .postData])
    func eachEntry(kind: DumpIndex.ScriptPart.Kind) async throws {
        try requireServer(15)
        let dump = try await MutationSample.shared.dumps().first
        let entries = dump.index.scripts.first { $0.kind == kind }?.entries.filter(Self.isOfObject) ?? []
        #expect(!entries.isEmpty)
        let wrong = try await withTemporaryFolder { folder in
            let prover = Prover(folder: folder)
            return try await inPairs(entries) { try await Self.miss($0, of: kind, in: dump, prover) }.compactMap { $0 }
        }
        #expect(wrong == [])
    }

    @Test("a table whose rows are gone from the file and from its index, which names the table")
    func lostTable() async throws {
        try requireServer(15)
        var dump = try await MutationSample.shared.dumps().first
        dump.removeTable(named: "settings")
        let bytes = try dump.write()
        let verdict = try await withTemporaryFolder { try await Prover(folder: $0).verdict(on: bytes) }
        #expect(!verdict.passed)
        #expect(verdict.findings.contains { $0.table == "public.settings" }, "\(verdict.findings)")
    }

    /// A proof holds the restored database against the file. What was made to fit in all of the file is told by what is kept apart from it.
    @Test("a changed statement or value is noticed by the manifest's SHA-256", arguments: ScriptChange.allCases)
    func changed(change: ScriptChange) async throws {
        try requireServer(15)
        var dump = try await MutationSample.shared.dumps().first
        let digest = try await dump.write().sha256()
        let isChanged = dump.replaceText(in: change.part, change.old, with: change.new)
        #expect(isChanged)
        let bytes = try dump.write()
        let verdict = try await withTemporaryFolder { try await Prover(folder: $0).verdict(on: bytes, sha256: digest) }
        #expect(verdict.findings.map(\.message).filter { $0.hasPrefix("the file's SHA-256 is ") }.count == 1)
    }

    /// Settings at the top of a part are no object's.
    private static func isOfObject(_ entry: DumpIndex.ScriptEntry) -> Bool { entry.type != "PREAMBLE" }

    /// - Returns: what is wrong with the verdict on the dump without the entry.
    private static func miss(
        _ entry: DumpIndex.ScriptEntry, of kind: DumpIndex.ScriptPart.Kind, in dump: DumpForgery, _ prover: Prover
    ) async throws -> String? {
        var forged = dump
        guard forged.removeEntry(kind, where: { $0 == entry }) != nil else { return "\(entry) is not there" }
        let verdict = try await prover.verdict(on: try forged.write())
        let findings = verdict.findings.map(\.description)
        guard verdict.passed || !entry.isNamed(in: findings) else { return nil }
        return "\(entry.type) \(entry.name): \(findings)\(verdict.hindrance.map { " \($0)" } ?? "")"
    }
}

extension DumpIndex.ScriptEntry {
    /// By its kind, in words of the census, or its own name.
    fileprivate func isNamed(in findings: [String]) -> Bool {
        let object = name.split(separator: " ").last.map(String.init) ?? name
        // Without a primary key the foreign keys to its table cannot be made, which names the table.
        let words = (Self.words[type] ?? []) + [object] + (type == "CONSTRAINT" ? [name.prefix { $0 != " " }.description] : [])
        return findings.contains { finding in words.contains { finding.contains($0) } }
    }

    private static let words = [
        "CONSTRAINT": ["primary keys", "unique constraints", "exclusion constraints"], "FK CONSTRAINT": ["foreign keys"],
        "CHECK CONSTRAINT": ["check constraints"], "INDEX": ["indexes"], "TRIGGER": ["triggers"], "RULE": ["rules"],
        "POLICY": ["policies"], "ROW SECURITY": ["row security"], "STATISTICS": ["extended statistics"],
        "PUBLICATION": ["publications"], "PUBLICATION TABLE": ["tables in publications"], "COMMENT": ["comments"],
        "ACL": ["privileges"], "MATERIALIZED VIEW DATA": ["populated materialized views"], "VIEW": ["views"],
        "FUNCTION": ["functions"], "DEFAULT": ["column defaults"], "SEQUENCE": ["sequences"],
        // pg_dump writes the default of the column otherwise where it does not own the sequence.
        "SEQUENCE OWNED BY": ["DEFAULT"], "TYPE": ["enums"], "DOMAIN": ["domains"],
        "BLOB": ["large objects"], "BLOBS": ["large objects"],
    ]
}
