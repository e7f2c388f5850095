import BackupModel
import DumpFormat

/// Finds what may be taken over of the dump before, once a share of it has been read again and found the same.
struct DumpLending: Sendable {
    let request: DumpRequest
    let snapshot: Snapshot
    let plan: DumpPlan
    let sections: SectionDump
    /// What the snapshot's script stands on; nil: that is not known.
    let ground: DumpIndex.SchemaGround?
    let progress: ProgressSink

    /// - Throws: what reading throws.
    func callAsFunction() async throws -> DumpLoan {
        guard let source = request.reuse else { return DumpLoan() }
        let decision = ReusePlan(
            plan, now: snapshot.index(for: request), definitions: snapshot.ground.definitions, earlier: source.reader.index,
            isSameContainer: source.reader.container == request.container, readSince: source.readSince)
        if let obstacle = decision.obstacle {
            progress(.note("nothing is taken over from \(source.name): \(obstacle.rawValue)"))
            return DumpLoan(reason: obstacle.rawValue)
        }
        let (script, difference) = try await self.script(of: source)
        if let difference { return doubted(difference, of: source, script: script) }
        return try await audited(Reuse(decision, from: source, progress: progress), script: script)
    }

    private func script(of source: ReuseSource) async throws -> (script: ScriptSource, difference: String?) {
        let span = ReadSpan(since: source.readSince, startedAt: snapshot.index(for: request).source.startedAt)
        let decision = ScriptPlan(sections.today(ground), earlier: source.reader.index, readWithin: span)
        return try await ScriptReuse(plan: decision, source: source, sections: sections, progress: progress)()
    }

    private func audited(_ reuse: Reuse, script: ScriptSource) async throws -> DumpLoan {
        let audit = try await ReuseAudit(request: request, snapshot: snapshot.name, plan: plan, reuse: reuse)()
        guard let difference = audit.difference else {
            let agreed = audit.hadCandidates ? audit.agreed : nil
            return DumpLoan(reuse: reuse, script: script, reason: reuse.plan.summary(of: plan), auditedSegments: agreed)
        }
        return difference.isOfCompression ? recompressed(difference, of: reuse.source) : doubted("\(difference)", of: reuse.source)
    }

    /// - Parameter script: what was read already to be compared.
    private func doubted(_ difference: String, of source: ReuseSource, script: ScriptSource = .program(nil)) -> DumpLoan {
        progress(.warning("nothing is taken over from \(source.name), everything is read: \(difference)"))
        return DumpLoan(script: script, difference: difference, reason: "what was taken for unchanged is not")
    }

    /// Of the same rows in other bytes nobody has to be warned: a library was renewed, or the processor is another. What was known of the catalogs
    /// still holds.
    private func recompressed(_ difference: ReuseAudit.Difference, of source: ReuseSource) -> DumpLoan {
        progress(.note("no rows and no script are taken over from \(source.name), all of them are read: \(difference)"))
        return DumpLoan(reason: "the same rows are compressed to other bytes")
    }
}
