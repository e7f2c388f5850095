import BackupCatalog
import BackupModel
import BackupReports

/// The last recovery point, in the figures that count when it is needed.
struct PointView {
    let id: String
    let moment: Moment
    let mark: String
    let condition: String
    let contents: String
    let tiles: [Tile]
    /// Why it is doubted, or what it lacks.
    let remarks: [SaidView]

    struct Tile {
        let name: String
        let value: String
        let note: String
    }

    init?(_ facts: ServiceFacts, _ speech: Speech) {
        guard let point = facts.points.first else { return nil }
        let manifest = point.manifest
        id = point.id.description
        moment = Moment(manifest.startedAt, speech)
        mark = point.condition.mark
        condition = speech(point.condition.words)
        contents = Self.contents(point, speech)
        tiles = Self.tiles(point, facts, speech)
        remarks =
            (point.isSuspicious ? manifest.suspicion?.reasons ?? [] : []).map { SaidView(catalog: $0, speech) }
            + manifest.lacking.map { SaidView(lacking: $0, speech) } + point.missing.map { SaidView(missing: $0, speech) }
    }

    private static func tiles(_ point: RecoveryPoint, _ facts: ServiceFacts, _ speech: Speech) -> [Tile] {
        let manifest = point.manifest
        let sound = point.copies.filter(\.condition.isSound)
        let proof = point.lastProof
        return [
            Tile(name: speech.word("age"), value: speech.briefly(facts.now - manifest.startedAt), note: speech.time(manifest.startedAt)),
            Tile(
                name: speech.word("size"), value: speech.size(manifest.bytes),
                note: speech(Bilingual("written in ", "записана за ")) + speech.precisely(manifest.duration) + Self.origins(point, speech)),
            Tile(
                name: speech.word("proof"), value: proof.map { speech.age($0.at) } ?? "—",
                note: speech((proof == nil ? point.condition : point.worthOfRestore).words)),
            Tile(
                name: speech.word("recovery"), value: proof.map { speech.precisely($0.recovery) } ?? "—",
                note: speech(proof == nil ? Bilingual("not measured yet", "ещё не измерено") : Bilingual("measured", "измерено"))),
            Tile(
                name: speech.word("copies"), value: "\(sound.count) / \(max(facts.stores.count, point.copies.count))",
                note: sound.map(\.store).joined(separator: ", ")),
            Tile(
                name: speech.word("skew"), value: manifest.skewMilliseconds.map(speech.milliseconds) ?? "—",
                note: "PostgreSQL ↔ Redis"),
        ]
    }

    /// How much the server was asked for; nothing where it is not known, as of backups of earlier programs.
    private static func origins(_ point: RecoveryPoint, _ speech: Speech) -> String {
        guard let origins = (point.dumps + point.redisDumps).compactMap(\.origins).total else { return "" }
        return speech(Bilingual(", read: ", ", прочитано: ")) + speech.size(origins.readBytes)
            + speech(Bilingual(", unchanged: ", ", без изменений: ")) + speech.size(origins.reusedBytes) + audit(origins, speech)
            + why(origins, speech)
    }

    /// What was read although the server called it unchanged, and agreed.
    private static func audit(_ origins: RowOrigins, _ speech: Speech) -> String {
        guard let count = origins.auditedSegments, count > 0 else { return "" }
        return speech(Bilingual(", segments read all the same that agreed: ", ", сегментов, всё же прочитанных и совпавших: "))
            + speech.number(count)
    }

    /// In the run's own words.
    private static func why(_ origins: RowOrigins, _ speech: Speech) -> String {
        origins.reason.map { speech(Bilingual(", because \($0)", ", причина: «\($0)»")) } ?? ""
    }

    private static func contents(_ point: RecoveryPoint, _ speech: Speech) -> String {
        let counts: [(Int64?, Noun)] = [
            (point.dumps.compactMap(\.tables).map(Int64.init).sum, .table), (point.dumps.compactMap(\.rows).sum, .row),
            (point.redisDumps.compactMap(\.keys).sum, .key),
        ]
        let names = point.dumps.compactMap(\.database) + (point.redisDumps.isEmpty ? [] : ["Redis"])
        return ([names.joined(separator: ", ")] + counts.compactMap { count, noun in count.map { speech.counted($0, noun) } })
            .joined(separator: " · ")
    }
}
