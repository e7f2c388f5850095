package import BackupModel

/// Two manifests of one backup, in different stores, that do not say the same of its files or of when it was taken: one of them is wrong, or two hosts
/// took a backup in the same second. Pure.
package struct Contradiction: CopyTrouble, Sendable, Equatable {
    /// What most stores say, and which they are.
    package var manifest: Manifest
    package var stores: [String]
    /// What another one says.
    package var other: Manifest
    package var otherStore: String
    /// Why it could not be settled; nil as long as nobody has looked at the files.
    package var verdict: String?

    package var id: RecoveryPointID { manifest.id }

    /// Whether they agree on every file, so that only the time is in doubt.
    package var isOfTime: Bool { manifest.fileFacts == other.fileFacts }

    package var description: String {
        let what = isOfTime ? "on when it was taken" : "on its files"
        let found = verdict.map { ": \($0)" } ?? ""
        return "the manifests of \(id) in \(stores.joined(separator: ", ")) and in \(otherStore) do not agree \(what)\(found)"
    }

    package var remedy: String {
        guard verdict != nil else {
            return "`call-center-admin db sync` holds both against the files and writes the wrong one anew."
        }
        let copies = (stores + [otherStore]).map { "`call-center-admin db verify-backup \(Shell.quoted("\($0)/\(id)"))`" }
        return "Nothing is removed or copied over. See what each of them is: \(copies.joined(separator: ", "))."
    }
}

extension Manifest {
    /// What is said of one file, as far as other manifests have to say the same.
    struct FileFact: Hashable {
        var key: String
        var bytes: Int64
        var sha256: String
    }

    var fileFacts: Set<FileFact> { Set(artifacts.map { FileFact(key: $0.key, bytes: $0.bytes, sha256: $0.sha256.lowercased()) }) }

    /// Whether both are of the same files and the same moment.
    package func agrees(with other: Manifest) -> Bool { startedAt == other.startedAt && fileFacts == other.fileFacts }

    /// How far its time is from what it is named by.
    package var distanceFromName: Duration {
        guard let named = id.instant else { return .zero }
        return max(startedAt - named, named - startedAt)
    }
}

extension RecoveryPoint {
    /// Why nothing is removed on the word of its manifest: another store's says something else, or its own name does. Whoever writes a manifest can give
    /// it a checksum that fits.
    package var doubt: String? {
        if let contradiction = contradictions.first { return "\(contradiction): see `call-center-admin db sync`" }
        guard manifest.distanceFromName > Manifest.farthestName else { return nil }
        return "its manifest says that it was begun on \(manifest.startedAt.display), which is not what it is named by"
    }

    /// Whether its files are there and what its manifest says of them is doubted by nobody.
    package var isBelieved: Bool { isSound && !isSuspicious && doubt == nil }
}

extension CatalogListing {
    /// Every contradiction, of the newest backup first.
    package var contradictions: [Contradiction] { points.flatMap(\.contradictions) }
}

extension [RecoveryPoint] {
    /// Copies of one backup by what their manifests say. The first group is believed: one with sound copies before one without, then what most stores
    /// say, then what fits the name; of equals the one that is asked first.
    var byStatement: [[RecoveryPoint]] {
        var groups: [[RecoveryPoint]] = []
        for point in self {
            if let place = groups.firstIndex(where: { $0[0].manifest.agrees(with: point.manifest) }) {
                groups[place].append(point)
            } else {
                groups.append([point])
            }
        }
        return groups.enumerated().sorted { left, right in
            if left.element.hasSound != right.element.hasSound { return left.element.hasSound }
            if left.element.count != right.element.count { return left.element.count > right.element.count }
            let distances = (left.element[0].manifest.distanceFromName, right.element[0].manifest.distanceFromName)
            return distances.0 != distances.1 ? distances.0 < distances.1 : left.offset < right.offset
        }.map(\.element)
    }

    private var hasSound: Bool { contains(where: \.isSound) }
}
