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
    /// The newest backup of another PostgreSQL server than that of the newest one, where both store here by turns, or the other one did until now.
    /// - Returns: nil as well where it is not known of which server a backup is.
    func stranger(before newest: RecoveryPoint) -> RecoveryPointID? {
        guard let server = newest.manifest.serverIdentity else { return nil }
        let older = points.filter { $0.id < newest.id && $0.manifest.serverIdentity != nil }
        guard let place = older.firstIndex(where: { $0.manifest.serverIdentity != server }) else { return nil }
        let isByTurns = older[place...].contains { $0.manifest.serverIdentity == server }
        return place == 0 || isByTurns ? older[place].id : nil
    }

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

    /// Takes out what is dated later than can be true, as long as there is anything else: a clock that was wrong once would name the latest for ever.
    /// - Returns: what was taken out.
    package mutating func passOver(after now: Instant) -> [RecoveryPointID] {
        let future = points.filter { $0.manifest.startedAt.isFuture(at: now) }.map(\.id)
        guard future.count < points.count else { return [] }
        points.removeAll { future.contains($0.id) }
        return future
    }

    /// An older backup is never passed off as the latest: when the newest manifest cannot be read, that is an error.
    private func newest(in place: String) throws -> RecoveryPoint {
        if let torn = unreadable.max(by: { $0.key < $1.key }), torn.key > points.first.map({ ArtifactName.manifest($0.id) }) ?? "" {
            let next = points.first.map { "Name another backup, such as \($0.id); `call-center-admin db list` shows all." }
            throw BackupError(.failed, "the newest backup cannot be read: \(torn.reason)", hint: next)
        }
        if let newest = points.first { return newest }
        if let left = manifestless(in: place) { throw left }
        throw BackupError(
            .artifactMissing, "there is no backup in \(place) yet",
            hint:
                "Take one with `call-center-admin db backup`, or see with `call-center-admin config show` whether this is the right place."
        )
    }

    /// Where all manifests are gone and dumps are left: those can still be used, by their names.
    private func manifestless(in place: String) -> BackupError? {
        guard let dump = orphans.first(where: { !ArtifactName.isRedisCopy($0.key) }) ?? orphans.first else { return nil }
        let option = ArtifactName.isRedisCopy(dump.key) ? " --only redis" : ""
        let absent = unreachable.map(\.store).joined(separator: ", ")
        let elsewhere =
            absent.isEmpty
            ? "" : " The manifests may be in \(absent), which cannot be listed: when it can, `call-center-admin db sync` brings them."
        let name = Shell.quoted((strayStores[dump.key]?.first ?? place) + "/" + dump.key)
        return BackupError(
            .artifactMissing, "there is no backup in \(place): no manifest is there, only \(orphans.count.counted("dump")) without one",
            hint:
                "What is left can be used by its name: `call-center-admin db verify-backup \(name)`, then `call-center-admin db restore \(name)\(option)`; "
                + "`call-center-admin db list` names all.\(elsewhere)")
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

extension Manifest {
    /// What PostgreSQL calls the cluster; nil where nothing of it was saved, or nobody may read it.
    package var serverIdentity: String? { postgres.map(\.systemIdentifier).flatMap { $0.isEmpty ? nil : $0 } }
}
