import BackupCatalog
import BackupModel
import BackupReports

/// A store as it was seen last.
struct StoreView {
    let name: String
    let mark: String
    let state: String
    let figures: String
    let seen: Moment
    let failure: SaidView?
    let hint: HelpView?

    init(_ store: StoreFacts, _ facts: ServiceFacts, _ speech: Speech) {
        name = store.name
        mark = store.failure == nil ? "good" : "bad"
        state = speech(store.failure == nil ? Bilingual("in order", "в порядке") : Bilingual("cannot be used", "недоступно"))
        let count = facts.points.count { $0.copies.contains { $0.store == store.name } }
        figures = "\(speech.counted(Int64(count), .backup)) · \(speech.size(store.bytes))"
        seen = Moment(store.checkedAt, speech)
        failure = store.failure.map { SaidView($0, speech) }
        hint = HelpView(store.failure, speech)
    }
}

/// What will be removed from a store, or from several that hold the same.
struct RetentionView {
    let stores: String
    let kept: String
    let freezes: [Freeze]
    let departures: [Departure]
    let hasDepartures: Bool
    /// Nothing goes, and nothing holds it up.
    let isQuiet: Bool

    private static let mostShown = 8

    struct Freeze {
        let reason: SaidView
        let hint: SaidView
    }

    struct Departure {
        let moment: Moment
        let id: String
        let size: String
        let reason: SaidView
    }

    static func all(_ facts: ServiceFacts, _ speech: Speech) -> [RetentionView] {
        var groups: [[StoreFacts]] = []
        for store in facts.stores {
            let twin = groups.firstIndex { $0[0].retention == store.retention && $0[0].departures == store.departures }
            if let twin { groups[twin].append(store) } else { groups.append([store]) }
        }
        return groups.map { RetentionView($0[0], names: $0.map(\.name), facts, speech) }
    }

    private init(_ store: StoreFacts, names: [String], _ facts: ServiceFacts, _ speech: Speech) {
        stores = names.joined(separator: ", ")
        let count = Int64(store.retention.decisions.count(where: \.isKept))
        kept = speech(Bilingual("kept: ", "хранится: ")) + speech.counted(count, .backup)
        freezes = store.retention.freezes.map {
            Freeze(reason: SaidView(catalog: $0.reason, speech), hint: SaidView(catalog: $0.hint, speech))
        }
        departures = store.departures.prefix(Self.mostShown).map { departure in
            let point = facts.points.first { $0.id == departure.id }
            return Departure(
                moment: Moment(departure.at, speech), id: departure.id.description,
                size: point.map { speech.size($0.manifest.bytes) } ?? "—",
                reason: SaidView(catalog: departure.reason, speech))
        }
        hasDepartures = !departures.isEmpty
        isQuiet = departures.isEmpty && freezes.isEmpty
    }
}

/// A disk, in space and in inodes.
struct DiskView {
    let path: String
    let gauges: [Gauge]

    struct Gauge {
        let name: String
        let used: String
        let free: String
        let mark: String
        /// Both in percent, as numbers of an SVG.
        let share: Int
        let limit: Int
        let label: String
    }

    init(_ disk: DiskFacts, _ speech: Speech) {
        path = disk.path
        let space = speech(Bilingual("Space", "Место")), inodes = speech(Bilingual("Inodes", "Inode"))
        let free = speech(Bilingual("free", "свободно"))
        var gauges = [
            Gauge(space, disk.usedPercent, disk.limitPercent, "\(speech.size(disk.freeBytes)) \(free)", speech)
        ]
        // File systems that make them as they are needed count none.
        if disk.inodes > 0 {
            gauges.append(Gauge(inodes, disk.usedInodesPercent, disk.limitPercent, "\(speech.number(disk.freeInodes)) \(free)", speech))
        }
        self.gauges = gauges
    }
}

extension DiskView.Gauge {
    init(_ name: String, _ percent: Int, _ limit: Int, _ free: String, _ speech: Speech) {
        self.name = name
        used = speech.percent(percent)
        self.free = free
        mark = percent > limit ? "bad" : percent > limit - 10 ? "warn" : "good"
        share = min(100, max(0, percent))
        self.limit = limit
        label = speech(
            Bilingual("\(name): \(used) used, the limit is \(limit) %", "\(name): занято \(used), предел \(limit) %"))
    }
}
