import BackupModel
import DumpFormat

/// Carries out a `ScriptPlan`, before anything of the dump is written.
struct ScriptReuse: Sendable {
    let plan: ScriptPlan
    let source: ReuseSource
    let sections: SectionDump
    let progress: ProgressSink

    /// - Returns: where the script comes from; and what shows that the earlier one, which should be the same, is another.
    func callAsFunction() async throws -> (script: ScriptSource, difference: String?) {
        switch plan.decision {
        case .take: return (try await taken(), nil)
        case .read(let reason):
            // Most databases have sequences; nobody wants to hear of it every night.
            if reason != .otherValues { progress(.note("the script is read again: \(reason.rawValue)")) }
            return (.program(nil), nil)
        case .compare:
            progress(.note("the script is read again: \(RereadReason.expired.rawValue)"))
            let archive = try await sections.archive()
            return (.program(archive), try await difference(archive))
        }
    }

    private func taken() async throws -> ScriptSource {
        let index = source.reader.index
        var parts: [ScriptSource.Part] = []
        do {
            for part in plan.parts {
                let bytes = try await source.reader.bytes(of: part)
                parts.append(ScriptSource.Part(part: part, bytes: bytes, readAt: part.readAt ?? index.source.startedAt))
            }
        } catch {
            return try unreadable(error)
        }
        progress(.note("no definition has changed: the script was taken over from \(source.name)"))
        return .earlier(parts, definitionsDigest: index.definitionsDigest)
    }

    private func unreadable(_ error: any Error) throws -> ScriptSource {
        try Task.checkCancellation()
        progress(.warning("the script of \(source.name) cannot be read and is read from the server again: \(error)"))
        return .program(nil)
    }

    /// What is in the data's part was not taken for unchanged.
    private func difference(_ archive: SectionArchive) async throws -> String? {
        for part in plan.parts where part.kind != .data {
            let recorded: [UInt8]
            do { recorded = try await source.reader.text(of: part) } catch {
                _ = try unreadable(error)
                return nil
            }
            var found = Checksum()
            var length = 0
            try await sections.read(part.kind, from: archive) { text in
                found.update(text)
                length += text.count
            }
            guard found.hex != Checksum.hex(of: recorded) else { continue }
            return "the \(part.kind.rawValue) script was taken for unchanged and is not: \(recorded.count) bytes, digest "
                + "\(Checksum.hex(of: recorded)) before, \(length) bytes, digest \(found.hex) now"
        }
        return nil
    }
}
