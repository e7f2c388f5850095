import BackupModel
import BackupReports

/// What to do about a folder that is not what it was: whether its disk is to be mounted, or it has really lost what it held.
struct MountAdvice {
    let store: StoreCondition
    let around: Surroundings

    private var folder: String { Shell.quoted(store.name) }
    private var mount: StoreCondition.Mount? { store.folder?.mount }

    /// Of a store that has lost everything. What belongs on a disk is not copied under its mount point.
    var refilling: Diagnosis.Remedy {
        if store.kind != .folder { return otherBucket }
        if let mount, !mount.isMounted { return mounting(mount.place) }
        return around.manager == .compose ? outside : fresh
    }

    /// Of a folder that is gone.
    /// - Parameter isHeldElsewhere: whether another store has what it held.
    func finding(isHeldElsewhere: Bool) -> Diagnosis.Remedy {
        if let mount, !mount.isMounted { return mounting(mount.place) }
        guard isHeldElsewhere, around.manager != .compose else { return missing }
        return missing.or(
            onlyIf: "nothing is to be mounted there: it was removed and is really gone, and another store has what it held",
            "ничего и не должно быть подключено: её удалили и она действительно пропала, а её копии есть в другом хранилище",
            around.makeFolder(store.name), around.asService("call-center-admin db sync"))
    }

    private var missing: Diagnosis.Remedy {
        .init(
            "See what is to be mounted there, and whether BACKUP_DIR names the right folder.",
            "Посмотрите, что должно быть там подключено и верна ли папка в BACKUP_DIR.",
            "findmnt --target \(folder)", "call-center-admin config show"
        ).or(onlyIf: "its file system is not mounted", "её файловая система не подключена", "mount -a")
    }

    /// Of a folder on which every call hangs. The looks end by themselves.
    var hanging: Diagnosis.Remedy {
        .init(
            "See what file system it lies on, and bring back its disk, or the server it is of; what waits for it goes on by itself then.",
            "Посмотрите, на какой она файловой системе, и верните её диск или сервер: кто её ждёт, продолжит сам.",
            "findmnt --output TARGET,SOURCE,FSTYPE", "timeout --signal=KILL 5 stat --file-system \(folder)"
        ).or(
            onlyIf: "that server is well again, and the folder still does not answer",
            "тот сервер снова в порядке, а папка всё ещё не отвечает", "umount --lazy \(folder)", "mount \(folder)", around.restart(.backup)
        )
    }

    private func mounting(_ place: String) -> Diagnosis.Remedy {
        .init(
            "Its file system is not mounted, as /etc/fstab has it: mount it, and copy nothing before.",
            "Её файловая система не подключена, хотя записана в /etc/fstab: подключите её и до этого ничего не копируйте.",
            "mount \(Shell.quoted(place))", "findmnt --target \(folder)")
    }

    private var fresh: Diagnosis.Remedy {
        .init(
            "See what file system it lies on.", "Посмотрите, на какой она файловой системе.", "findmnt --target \(folder)"
        ).or(
            onlyIf: "that is the right one, or none is to be mounted there: what it held was removed, and the other store has it",
            "она на той самой или ничего и не должно быть подключено: содержимое удалили, и оно есть в другом хранилище",
            "call-center-admin db sync")
    }

    /// A container sees the folder that was there when it was started, and no table of the machine.
    private var outside: Diagnosis.Remedy {
        .init(
            "See on the machine whether its file system is mounted.", "Проверьте на самой машине, подключена ли файловая система.",
            "findmnt --target \(folder)"
        ).or(
            onlyIf: "it is not mounted, and nothing was copied meanwhile", "она не подключена и за это время ничего не скопировано",
            "mount -a", around.restart(.backup)
        ).or(
            onlyIf: "it is mounted, or the store is meant to begin anew", "она подключена или хранилище действительно начинается заново",
            "call-center-admin db sync")
    }

    private var otherBucket: Diagnosis.Remedy {
        .init(
            "See whether it is the bucket it was.", "Проверьте, тот ли это бакет.", "call-center-admin config show"
        ).or(
            onlyIf: "it is: what it held was removed, and the other store has it",
            "тот: содержимое удалили, и оно есть в другом хранилище", "call-center-admin db sync")
    }
}
