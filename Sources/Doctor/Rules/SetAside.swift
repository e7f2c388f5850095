import BackupCatalog
import BackupModel

/// Takes files out of the way so that whoever wants to look at them can: nothing is deleted. Out of a folder into one within it, which is on the same
/// disk and no part of the store; out of a bucket onto this machine.
extension StoreCondition {
    /// One file.
    func putAside(_ key: String) -> String {
        switch kind {
        case .folder: moving(Shell.quoted("\(name)/\(key)"))
        case .s3: Self.fetching(program.aws("s3 mv \(Shell.quoted("\(name)/\(key)")) \(Self.away)"))
        case .gcs: Self.fetching(program.gcloud("storage mv \(Shell.quoted("\(name)/\(key)")) \(Self.away)"))
        }
    }

    /// All that this store has of a backup, its manifest too.
    func putAside(_ id: RecoveryPointID) -> String {
        switch kind {
        case .folder: moving("\(Shell.quoted(name))/*\(id)*")
        case .s3:
            Self.fetching(program.aws("s3 mv \(Shell.quoted(name + "/")) \(Self.away) --recursive --exclude '*' --include '*\(id)*'"))
        case .gcs: Self.fetching(program.gcloud("storage mv \(Shell.quoted("\(name)/*\(id)*")) \(Self.away)"))
        }
    }

    /// A damaged file of which another store has a sound copy.
    func remove(_ key: String) -> String {
        let place = Shell.quoted("\(name)/\(key)")
        return switch kind {
        case .folder: putAside(key)
        case .s3: program.aws("s3 rm \(place)")
        case .gcs: program.gcloud("storage rm \(place)")
        }
    }

    /// Gives a file another name that nothing there has.
    func rename(_ key: String, to name: String) -> String {
        let places = "\(Shell.quoted("\(self.name)/\(key)")) \(Shell.quoted("\(self.name)/\(name)"))"
        return switch kind {
        case .folder: "mv -n \(places)"
        case .s3: program.aws("s3 mv \(places)")
        case .gcs: program.gcloud("storage mv \(places)")
        }
    }

    private func moving(_ what: String) -> String {
        let folder = Shell.quoted("\(name)/set-aside")
        return "mkdir -p \(folder) && mv \(what) \(folder)"
    }

    /// What a shell makes the folder of that is made for one command.
    private static let away = "\"$d/\""

    /// A dump in clear lies there: nobody else knows the folder's name beforehand, or may look into it (mktemp(1)).
    private static func fetching(_ command: String) -> String {
        "(umask 077; d=$(mktemp -d /var/tmp/set-aside.XXXXXX) && \(command))"
    }
}

extension [StoreCondition] {
    /// A store of these in which nothing bad is known of a backup.
    func sound(_ id: RecoveryPointID?) -> StoreCondition? {
        first { $0.holdings.value?.points.contains { $0.id == id && $0.isSound } ?? false }
    }

    /// Whether one of these could not be listed, and may have what the others lack.
    var mayHideSome: Bool { contains { $0.holdings.value == nil } }
}

/// What is to be done about a backup that is spoilt in one store.
struct SpoiltBackup {
    let id: RecoveryPointID
    let store: StoreCondition
    let others: [StoreCondition]
    /// Whether there is no newer one in the store that is whole.
    let isNewest: Bool

    /// No other store is known to have a sound copy.
    var remedy: Diagnosis.Remedy {
        if others.mayHideSome { return search }
        guard isNewest else {
            return .init(
                "No store has a sound copy, and newer backups are there: put what is left of it aside, where it may still be looked at.",
                "Целого экземпляра нет ни в одном хранилище, а более новые копии есть: отложите то, что от неё осталось, "
                    + "чтобы это можно было изучить.", store.putAside(id))
        }
        return .init(
            "Take a new backup; when that is there, put aside what is left of this one.",
            "Сделайте новый backup; когда он готов, отложите то, что осталось от этой копии.", "call-center-admin db backup",
            store.putAside(id))
    }

    /// What cannot be asked is asked before anything is given up.
    private var search: Diagnosis.Remedy {
        .init(
            "A store that could not be listed may have a sound copy: mend that first, and have it copied. Keep what is left here.",
            "Целый экземпляр может быть в хранилище, которое сейчас недоступно: сначала почините его и скопируйте оттуда. Остатки сохраните.",
            ["call-center-admin storage check", "call-center-admin db sync"] + (isNewest ? ["call-center-admin db backup"] : []))
    }
}
