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
            // What is there to stay; nobody wants to hear of it every night.
            return (reason == .otherRows ? .program(nil) : reread(reason.rawValue), nil)
        case .compare:
            progress(.note("the script is read again: \(RereadReason.expired.rawValue)"))
            let archive = try await sections.archive()
            return (.program(archive), try await difference(archive))
        }
    }

    private func taken() async throws -> ScriptSource {
        let values: [[UInt8]: SequenceValue]
        do { values = try await self.values() } catch let error as BackupError { return reread("\(error)") }
        var parts: [ScriptSource.Part] = []
        do {
            for part in plan.parts {
                guard let taken = try await self.taken(part, values) else { return reread(RereadReason.unknownValues.rawValue) }
                parts.append(taken)
            }
        } catch {
            return try unreadable(error)
        }
        progress(.note("no definition has changed: the script was taken over from \(source.name)"))
        return .earlier(parts, definitionsDigest: source.reader.index.definitionsDigest)
    }

    /// What the sequences stand at, which no catalog tells.
    private func values() async throws -> [[UInt8]: SequenceValue] {
        guard sections.snapshot.source.holdsSequences else { return [:] }
        return try await SequenceValues.read(in: sections.snapshot.name, of: sections.request)
    }

    /// A part as it stands; the one with the sequences' values with those of today.
    /// - Returns: nil where it is not understood.
    private func taken(_ part: DumpIndex.ScriptPart, _ values: [[UInt8]: SequenceValue]) async throws -> ScriptSource.Part? {
        guard part.kind == .data, !values.isEmpty else {
            let readAt = part.readAt ?? source.reader.index.source.startedAt
            return ScriptSource.Part(part: part, bytes: try await source.reader.bytes(of: part), readAt: readAt)
        }
        let script = SequenceScript(text: try await source.reader.text(of: part))
        guard let text = try script.rewritten(with: values) else { return nil }
        return try ScriptSource.Part(data: text, container: sections.request.container)
    }

    private func reread(_ reason: String) -> ScriptSource {
        progress(.note("the script is read again: \(reason)"))
        return .program(nil)
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
