import DumpFormat

/// The parts of the script that pg_dump writes: everything but the rows we copy ourselves.
struct SectionDump: Sendable {
    let request: DumpRequest
    let programs: ClientPrograms
    let snapshot: Snapshot
    /// The tables whose rows are not pg_dump's business.
    let exclusion: TableExclusion

    /// Writes one section as members.
    func write(
        _ kind: DumpIndex.ScriptPart.Kind, deliver: ([[UInt8]]) async throws -> Void
    ) async throws -> (summary: ScriptSummary, entries: [DumpIndex.ScriptEntry], definitions: String) {
        var encoder = ScriptEncoder(container: request.container)
        var contents = ScriptTOC()
        var plain = Checksum()
        try await read([kind]) { text in
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
        var script = PortableScript(announcing: snapshot.source.holdsMoney ? MoneyLocale.announcement : "")
        let run = ProgramRun(
            "pg_dump", of: programs, arguments: arguments(kinds), input: kinds.contains(.data) ? exclusion.filter : [],
            target: snapshot.source.holdsMoney ? MoneyLocale.pin(request.target) : request.target, stallLimit: request.stallLimit)
        try await run.forEachChunk { try await take(try script.append($0)) }
        try await take(try script.finish())
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
