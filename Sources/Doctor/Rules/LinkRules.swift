import BackupCatalog
import BackupModel
import BackupReports

/// Section 3: the `latest` links of a folder.
struct LinkRules {
    let store: StoreCondition
    let holdings: StoreCondition.Holdings

    var all: [Diagnosis] {
        let dangling = holdings.links.filter(\.isDangling)
        let stale = holdings.links.filter { !$0.isDangling && $0.newer != nil }
        return [dangling.first.map { leadsNowhere($0, among: dangling) }, stale.first.map { isOld($0, among: stale) }]
            .compactMap { $0 }
    }

    private func leadsNowhere(_ link: StoreCondition.Link, among links: [StoreCondition.Link]) -> Diagnosis {
        Diagnosis(
            .linkDangling, .warning,
            Bilingual("the link \(link.name) in \(store.name) leads nowhere", "ссылка \(link.name) в \(store.name) никуда не ведёт"),
            evidence: Bilingual(
                "there is no \(link.target)\(others(links, "; the same of "))", "нет файла \(link.target)\(others(links, "; то же: "))"),
            remedy: relink(links), subject: .init(store: store.name))
    }

    private func isOld(_ link: StoreCondition.Link, among links: [StoreCondition.Link]) -> Diagnosis {
        let newer = link.newer.map { "\($0)" } ?? ""
        return Diagnosis(
            .linkStale, .warning,
            Bilingual(
                "the link \(link.name) in \(store.name) does not lead to the newest backup",
                "ссылка \(link.name) в \(store.name) ведёт не на последнюю копию"),
            evidence: Bilingual(
                "it leads to \(link.target), and \(newer) is newer\(others(links, "; the same of "))",
                "она ведёт на \(link.target), а новее \(newer)\(others(links, "; то же: "))"),
            remedy: relink(links), subject: .init(store: store.name))
    }

    private func others(_ links: [StoreCondition.Link], _ words: String) -> String {
        links.count > 1 ? words + links.dropFirst().map(\.name).joined(separator: ", ") : ""
    }

    /// By hand where the newest backup is whole, all of them; else the next backup makes the links.
    private func relink(_ links: [StoreCondition.Link]) -> Diagnosis.Remedy {
        let newest = holdings.points.first(where: \.isSound)
        let commands = links.compactMap { link in newest.flatMap { link.counterpart(in: $0) }.map { relink(link, to: $0) } }
        guard !commands.isEmpty else {
            return .init(
                "The next backup makes the links anew.", "Следующий backup создаст ссылки заново.", "call-center-admin db backup")
        }
        return .init(
            "Let it name the newest backup; the next one does that by itself.",
            "Направьте её на последнюю копию; следующий backup сделает это сам.", commands)
    }

    private func relink(_ link: StoreCondition.Link, to key: String) -> String {
        "ln -sfn \(Shell.quoted(key)) \(Shell.quoted("\(store.name)/\(link.name)"))"
    }
}

extension StoreCondition.Link {
    /// The file of a backup that this link has to name.
    fileprivate func counterpart(in point: RecoveryPoint) -> String? {
        if name == LatestAliases.manifest { return ArtifactName.manifest(point.id) }
        let ending = name.dropFirst("latest".count)
        let files = point.manifest.artifacts.map(\.key).filter { $0.hasSuffix(ending) && !$0.hasPrefix("globals-") }
        return files.count == 1 ? files[0] : nil
    }
}
