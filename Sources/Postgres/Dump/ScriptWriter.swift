import BackupModel
import BytePipeline
import DumpFormat

/// Hands over the script's parts one after the other, in the file's order, so that waiting for room can never lock the merge up.
struct ScriptWriter: Sendable {
    let sections: SectionDump
    let source: ScriptSource
    /// What the snapshot's script stands on; nil: that is not known.
    let ground: DumpIndex.SchemaGround?
    let slots: DumpSlots
    let merge: OrderedMerge<DumpPiece>
    let progress: ProgressSink

    func callAsFunction() async throws {
        switch source {
        case .earlier(let parts, let digest): try await take(parts, digest)
        case .program(.some(let archive)): try await write(archive)
        case .program(.none): try await write(try await sections.archive())
        }
    }

    private func take(_ parts: [ScriptSource.Part], _ digest: String) async throws {
        if let ground { try await merge.send(.schemaGround(ground), bytes: 0, to: slots.preData) }
        for taken in parts {
            let slot = slots.slot(of: taken.part.kind)
            try await merge.send(taken: taken.bytes, to: slot)
            let end = DumpPiece.scriptEnd(
                ScriptSummary(of: taken.part), entries: taken.part.entries, checksum: digest, readAt: taken.readAt)
            try await merge.send(end, bytes: 0, to: slot)
            merge.finish(slot)
        }
    }

    private func write(_ archive: SectionArchive) async throws {
        if let ground = try await confirmed() { try await merge.send(.schemaGround(ground), bytes: 0, to: slots.preData) }
        for kind in DumpIndex.ScriptPart.Kind.allCases {
            let slot = slots.slot(of: kind)
            let (summary, entries, checksum) = try await sections.write(kind, from: archive) { members in
                for member in members { try await merge.send(.member(member), bytes: member.count, to: slot) }
            }
            try await merge.send(.scriptEnd(summary, entries: entries, checksum: checksum, readAt: nil), bytes: 0, to: slot)
            merge.finish(slot)
        }
    }

    /// What pg_dump's words stand on, where that was still so when it had ended: much of what it asks is answered from the catalogs as they are at
    /// the moment, and not as the snapshot sees them. Not to know it costs the next dump a run of pg_dump, never this one its success.
    private func confirmed() async throws -> DumpIndex.SchemaGround? {
        guard let ground, let xmin = sections.snapshot.ground.common?.xmin else { return nil }
        do {
            let target = sections.request.target
            let later = try await PostgresConnection.with(target, applicationName: "call-center-backup schema") { connection in
                try await connection.pinSettingsForCatalogs()
                return try await SchemaFacts.read(since: xmin, over: connection)
            }
            let isSame = later?.catalogs == ground.catalogs && later?.surroundings == ground.surroundings && later?.changed == []
            return isSame ? ground : nil
        } catch let error as BackupError {
            progress(.note("the next backup has pg_dump write the script again: \(error)"))
            return nil
        }
    }
}
