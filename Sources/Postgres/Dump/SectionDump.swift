import DumpFormat

/// The parts of the script that pg_dump writes: everything but the rows we copy ourselves.
///
/// pg_dump reads the whole catalog each time it runs, seconds with thousands of tables. So it runs once, into an archive, and pg_restore writes the
/// parts out of that: the same code of PostgreSQL's makes the text of both, and it is the same text.
struct SectionDump: Sendable {
    let request: DumpRequest
    let programs: ClientPrograms
    let snapshot: Snapshot
    /// The tables whose rows are not pg_dump's business.
    let exclusion: TableExclusion

    /// What pg_dump says of the database, to be written out by sections. Kept in memory (600 bytes or so for a plain table), as it has no rows: where
    /// large objects and the like could make it long, their section is left out. Where not even a sequence has a value nothing is in that section, and
    /// pg_dump need not be told of each table that it is to leave out its rows, which takes as long as the catalog.
    func archive() async throws -> SectionArchive {
        let source = snapshot.source
        let definitions: [DumpIndex.ScriptPart.Kind] = [.preData, .postData]
        var bytes: [UInt8] = []
        let asked = definitions + (source.holdsSequences && !source.holdsOtherRows ? [.data] : [])
        try await run(asked, options: ["--format=custom", "--compress=0"]).forEachChunk { bytes += $0 }
        return SectionArchive(kinds: Set(definitions + (source.holdsOtherRows ? [] : [.data])), bytes: bytes)
    }

    /// Writes one section as members.
    func write(
        _ kind: DumpIndex.ScriptPart.Kind, from archive: SectionArchive, deliver: ([[UInt8]]) async throws -> Void
    ) async throws -> (summary: ScriptSummary, entries: [DumpIndex.ScriptEntry], definitions: String) {
        var encoder = ScriptEncoder(container: request.container)
        var contents = ScriptTOC()
        var plain = Checksum()
        try await read(kind, from: archive) { text in
            // The data section may hold gigabytes of large objects; nobody needs its statements one by one.
            if kind != .data { try contents.append(text) }
            plain.update(text)
            try await deliver(try encoder.append(text))
        }
        let (members, summary) = try encoder.finish()
        try await deliver(members)
        return (summary, kind == .data ? [] : try contents.finish(), plain.hex)
    }

    /// Hands over the text of some sections as pg_dump writes it, made portable.
    func read(_ kinds: [DumpIndex.ScriptPart.Kind], _ take: ([UInt8]) async throws -> Void) async throws {
        try await read(run(kinds), take)
    }

    /// The same of one section, out of the archive where that has it.
    func read(
        _ kind: DumpIndex.ScriptPart.Kind, from archive: SectionArchive, _ take: ([UInt8]) async throws -> Void
    ) async throws {
        guard archive.kinds.contains(kind) else { return try await read([kind], take) }
        let arguments = ["--section=\(Self.section(kind))", "--file=-"].map { Array($0.utf8) }
        let writer = ProgramRun(
            "pg_restore", of: programs, arguments: arguments, input: archive.bytes, target: request.target, connects: false,
            stallLimit: request.stallLimit)
        try await read(writer, take)
    }

    private func read(_ run: ProgramRun, _ take: ([UInt8]) async throws -> Void) async throws {
        var script = PortableScript(announcing: snapshot.source.holdsMoney ? MoneyLocale.announcement : "")
        try await run.forEachChunk { try await take(try script.append($0)) }
        try await take(try script.finish())
    }

    private func run(_ kinds: [DumpIndex.ScriptPart.Kind], options: [String] = []) -> ProgramRun {
        ProgramRun(
            "pg_dump", of: programs, arguments: options.map { Array($0.utf8) } + arguments(kinds),
            input: kinds.contains(.data) ? exclusion.filter : [],
            target: snapshot.source.holdsMoney ? MoneyLocale.pin(request.target) : request.target, stallLimit: request.stallLimit)
    }

    private func arguments(_ kinds: [DumpIndex.ScriptPart.Kind]) -> [[UInt8]] {
        let sections = kinds.map { "--section=\(Self.section($0))" }
        let common =
            ["--snapshot=\(snapshot.name)"] + sections + [
                "--lock-wait-timeout=\(request.lockTimeout.milliseconds)",
                // Whatever PGCLIENTENCODING or the role's settings say: the script has to announce the encoding our rows are in.
                "--encoding=\(snapshot.source.encoding)",
            ]
        return common.map { Array($0.utf8) } + (kinds.contains(.data) ? exclusion.arguments : [])
    }

    private static func section(_ kind: DumpIndex.ScriptPart.Kind) -> String {
        switch kind {
        case .preData: "pre-data"
        case .data: "data"
        case .postData: "post-data"
        }
    }
}

extension SectionDump {
    /// What the script stands on; nil: that is not known.
    func ground() async -> DumpIndex.SchemaGround? {
        guard programs.major <= SchemaFacts.newestRelease, let facts = snapshot.ground.schema else { return nil }
        // Both have a hand in its text, and they may be from different packages.
        guard let writer = await programs.version(of: "pg_restore") else { return nil }
        return DumpIndex.SchemaGround(
            program: "\(programs.version), \(writer)", surroundings: facts.surroundings, catalogs: facts.catalogs)
    }

    func today(_ ground: DumpIndex.SchemaGround?) -> ScriptPlan.Today {
        ScriptPlan.Today(
            ground: ground, changed: snapshot.ground.schema?.changed ?? [],
            holdsOtherRows: snapshot.source.holdsOtherRows)
    }
}
