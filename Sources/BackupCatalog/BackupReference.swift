package import BackupModel

/// What an operator typed to name a backup.
package enum BackupReference: Sendable, Equatable {
    case latest
    case id(RecoveryPointID)
    /// The beginning of an id: `20260214`.
    case idPrefix(String)
    case path(String)

    /// Whatever cannot be an id is a path. A file in the current folder whose name looks like an id is reached as `./NAME`.
    package init(_ text: String) {
        if text == "latest" {
            self = .latest
        } else if let id = RecoveryPointID(text) {
            self = .id(id)
        } else if text.utf8.count >= 4, Self.beginsID(text) {
            self = .idPrefix(text)
        } else {
            self = .path(text)
        }
    }

    private static func beginsID(_ text: String) -> Bool {
        let form = "00000000T000000Z"
        return text.utf8.count < form.utf8.count
            && zip(text, form).allSatisfy { letter, expected in expected == "0" ? letter.isASCII && letter.isNumber : letter == expected }
    }
}

extension CatalogListing {
    /// The recovery point an operator named; throws `.artifactMissing` or, for a prefix of several, `.invalidUsage` with the candidates.
    /// Nil for a path, which need not lie in a store.
    /// - Parameter place: what the listing is of, for messages.
    package func find(_ reference: BackupReference, in place: String) throws -> RecoveryPoint? {
        switch reference {
        case .path: nil
        case .id(let id): try only(beginningWith: id.description, in: place)
        case .latest: try newest(in: place)
        case .idPrefix(let prefix): try only(beginningWith: prefix, in: place)
        }
    }

    /// An older backup is never passed off as the latest: when the newest manifest cannot be read, that is an error.
    private func newest(in place: String) throws -> RecoveryPoint {
        if let torn = unreadable.max(by: { $0.key < $1.key }), torn.key > points.first.map({ ArtifactName.manifest($0.id) }) ?? "" {
            let next = points.first.map { "Name another backup, such as \($0.id); `call-center-admin db list` shows all." }
            throw BackupError(.failed, "the newest backup cannot be read: \(torn.reason)", hint: next)
        }
        if let newest = points.first { return newest }
        throw BackupError(
            .artifactMissing, "there is no backup in \(place) yet",
            hint:
                "Take one with `call-center-admin db backup`, or see with `call-center-admin config show` whether this is the right place."
        )
    }

    private func only(beginningWith prefix: String, in place: String) throws -> RecoveryPoint {
        let points = points.filter { $0.id.description.hasPrefix(prefix) }
        let torn = unreadable.filter { $0.key.hasPrefix(prefix) }
        let found = Set(points.map(\.id) + torn.compactMap { ArtifactName.manifestID($0.key) }).sorted(by: >)
        let what = RecoveryPointID(prefix) == nil ? prefix + "…" : prefix
        guard found.count <= 1 else { throw ambiguous(prefix, found) }
        if let point = points.first { return point }
        if let torn = torn.first { throw unreadable(what, torn) }
        throw BackupError(
            .artifactMissing, "there is no backup \(what) in \(place)", hint: "See what exists with `call-center-admin db list`.")
    }

    private func unreadable(_ what: String, _ torn: UnreadableManifest) -> BackupError {
        BackupError(
            .failed, "the backup \(what) cannot be read: \(torn.reason)",
            hint: "Its dumps can still be checked and restored: name their files.")
    }

    private func ambiguous(_ prefix: String, _ found: [RecoveryPointID]) -> BackupError {
        let ids = found.prefix(5).map(\.description).joined(separator: ", ")
        return BackupError(
            .invalidUsage, "\(prefix)… names \(found.count) backups: \(ids)\(found.count > 5 ? ", …" : "")",
            hint: "Type as much of the ID as tells them apart."
        )
    }
}

extension Catalog {
    /// As `CatalogListing.find`, in this store alone.
    package func find(_ reference: BackupReference) async throws -> RecoveryPoint? {
        if case .path = reference { return nil }
        return try await list().find(reference, in: store.name)
    }
}
