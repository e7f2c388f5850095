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
    var finding: Diagnosis.Remedy {
        if let mount, !mount.isMounted { return mounting(mount.place) }
        return .init(
            "Mount its file system, or mend BACKUP_DIR.", "Подключите её файловую систему или исправьте BACKUP_DIR.",
            "findmnt --target \(folder)", "mount -a", "call-center-admin config show")
    }

    private func mounting(_ place: String) -> Diagnosis.Remedy {
        .init(
            "Its file system is not mounted, as /etc/fstab has it: mount it, and copy nothing before.",
            "Её файловая система не подключена, хотя записана в /etc/fstab: подключите её и до этого ничего не копируйте.",
            "mount \(Shell.quoted(place))", "findmnt --target \(folder)")
    }

    private var fresh: Diagnosis.Remedy {
        .init(
            "See what file system it lies on. If that is the right one, or none is to be mounted there, what it held was removed: fill it "
                + "again from the other store.",
            "Посмотрите, на какой она файловой системе. Если на той самой или ничего и не должно быть подключено, содержимое удалили: "
                + "заполните её из другого хранилища.",
            "findmnt --target \(folder)", "call-center-admin db sync")
    }

    /// A container sees the folder that was there when it was started, and no table of the machine.
    private var outside: Diagnosis.Remedy {
        .init(
            "See on the machine whether its file system is mounted. Only when it is mounted again, or is meant to begin anew: "
                + "`call-center-admin db sync`.",
            "Проверьте на самой машине, подключена ли файловая система. Только когда она снова подключена или хранилище действительно "
                + "начинается заново: `call-center-admin db sync`.",
            "findmnt --target \(folder)", "mount -a", around.restart(.backup))
    }

    private var otherBucket: Diagnosis.Remedy {
        .init(
            "See whether it is the bucket it was. If it is, what it held was removed: fill it again from the other store.",
            "Проверьте, тот ли это бакет. Если тот, содержимое удалили: заполните его из другого хранилища.",
            "call-center-admin config show", "call-center-admin db sync")
    }
}
