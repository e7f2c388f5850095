import BackupCatalog
import BackupModel
import BackupReports

/// Section 7, the stores: why one cannot be used.
enum StoreRules {
    @Sendable static func all(_ facts: Examination) -> [Diagnosis] {
        let isAlone = facts.stores.allSatisfy { $0.holdings.value == nil }
        return facts.stores.compactMap { store in
            let severity: Severity = isAlone || store.kind == .folder ? .critical : .warning
            if let trouble = store.holdings.trouble { return of(store, trouble, severity, facts) }
            if store.asksForLocks, store.protection?.value?.locksObjects == false { return unlocked(store) }
            if let refusal = WriteRefusal(store, facts) { return refusal.diagnosis(severity) }
            if let lead = store.clockLead, lead > patience || lead < .zero - patience { return skewed(store, lead) }
            guard let folder = store.folder, folder.exists, !folder.mayWrite else { return nil }
            if folder.isReadOnly {
                return readOnly(store, Bilingual("its file system takes no writes", "её файловая система не принимает запись"))
            }
            return forbidden(
                store,
                Bilingual(
                    "mode \(folder.octal), owner \(folder.owner), we are \(folder.user)",
                    "права \(folder.octal), владелец \(folder.owner), мы \(folder.user)"), .critical)
        }
    }

    private static let patience = ClockRules.patience

    private static func skewed(_ store: StoreCondition, _ lead: Duration) -> Diagnosis {
        let distance = lead < .zero ? .zero - lead : lead
        let (word, russian) = lead < .zero ? ("ahead of", "спешат") : ("behind", "отстают")
        return Diagnosis(
            .storeClock, distance < ClockRules.limit ? .warning : .critical,
            Bilingual("this host's clock is not that of \(store.name)", "часы этого узла расходятся с часами \(store.name)"),
            evidence: Bilingual(
                "ours is \(distance.briefly) \(word) the server's; beyond 15 min every request is refused",
                "наши \(russian) на \(distance.inRussian); после 15 мин сервер отклоняет все запросы"),
            remedy: BucketDoor.setClock, subject: .init(store: store.name))
    }

    private static func unlocked(_ store: StoreCondition) -> Diagnosis {
        Diagnosis(
            .bucketUnlocked, .critical,
            Bilingual(
                "\(store.name) has no object lock, which the settings ask for", "в \(store.name) нет object lock, заданного в настройках"),
            evidence: Bilingual(
                "BACKUP_S3_LOCK_MODE or BACKUP_S3_LEGAL_HOLD is set", "задано BACKUP_S3_LOCK_MODE или BACKUP_S3_LEGAL_HOLD"),
            remedy: .init(
                "A bucket gets it when it is made: name one that has it in BACKUP_S3_BUCKET, or take the setting away.",
                "Бакет получает его при создании: укажите в BACKUP_S3_BUCKET такой бакет или уберите настройку.",
                "call-center-admin storage check", "call-center-admin config show"), subject: .init(store: store.name))
    }

    private static func of(_ store: StoreCondition, _ trouble: Trouble, _ severity: Severity, _ facts: Examination) -> Diagnosis? {
        switch trouble.kind {
        case .folderMissing:
            // Before the first backup there is none, and that backup makes it.
            if facts.knows(store) { return folderMissing(store, trouble, facts) }
            guard let obstacle = store.folder?.obstacle else { return nil }
            return obstacle.kind == .denied && facts.surroundings.looksAsAnother ? nil : unmade(store, obstacle)
        case .denied where store.kind == .folder: return closed(store, trouble.words, severity)
        case .readOnly: return readOnly(store, trouble.words)
        case .silent where store.kind == .folder: return hanging(store, trouble, facts.surroundings)
        default: return BucketDoor(store: store, trouble: trouble, around: facts.surroundings).diagnosis(severity)
        }
    }

    private static func folderMissing(_ store: StoreCondition, _ trouble: Trouble, _ facts: Examination) -> Diagnosis {
        let advice = MountAdvice(store: store, around: facts.surroundings)
        return Diagnosis(
            .folderMissing, .critical, Bilingual("the folder \(store.name) is gone", "папка \(store.name) пропала"),
            evidence: trouble.words, remedy: advice.finding(isHeldElsewhere: facts.remembers(store)), subject: .init(store: store.name))
    }

    /// What keeps every call on it in the kernel: a disk, or the server of a network file system.
    private static func hanging(_ store: StoreCondition, _ trouble: Trouble, _ around: Surroundings) -> Diagnosis {
        Diagnosis(
            .storeSilent, .critical, Bilingual("the folder \(store.name) does not answer", "папка \(store.name) не отвечает"),
            evidence: trouble.words, remedy: MountAdvice(store: store, around: around).hanging, subject: .init(store: store.name),
            team: .storage)
    }

    private static func forbidden(_ store: StoreCondition, _ evidence: Bilingual, _ severity: Severity) -> Diagnosis {
        Diagnosis(
            .folderForbidden, severity,
            Bilingual("the folder \(store.name) may not be written to", "в папку \(store.name) нельзя писать"),
            evidence: evidence, remedy: admission(to: store), subject: .init(store: store.name))
    }

    private static func unmade(_ store: StoreCondition, _ obstacle: Trouble) -> Diagnosis {
        Diagnosis(
            .folderForbidden, .critical,
            Bilingual(
                "there is no folder \(store.name), and it cannot be made", "папки \(store.name) нет, и создать её нельзя"),
            evidence: obstacle.words,
            remedy: .init(
                "Put a folder into BACKUP_DIR that the account of the service may make or write to, and check it.",
                "Укажите в BACKUP_DIR папку, которую учётная запись сервиса может создать или в которую может писать, и проверьте.",
                "call-center-admin config show", "call-center-admin config check"), subject: .init(store: store.name))
    }

    private static func closed(_ store: StoreCondition, _ evidence: Bilingual, _ severity: Severity) -> Diagnosis {
        Diagnosis(
            .folderForbidden, severity,
            Bilingual("the folder \(store.name) cannot be listed", "содержимое папки \(store.name) прочитать нельзя"),
            evidence: evidence, remedy: opening(store), subject: .init(store: store.name))
    }

    private static func opening(_ store: StoreCondition) -> Diagnosis.Remedy {
        let folder = Shell.quoted(store.name)
        guard let found = store.folder, found.exists else {
            return .init(
                "Whoever owns it, or a folder above it, has to let us in.",
                "Её владелец или владелец папки выше должен открыть нам доступ.", "namei -l \(folder)", "sudo chmod u+rwx \(folder)")
        }
        guard found.owner != found.user else {
            return .init("Let its owner read and write it.", "Разрешите владельцу чтение и запись.", "chmod 700 \(folder)")
        }
        return .init(
            "Whoever owns it lets himself in and looks.", "Пусть её владелец откроет себе доступ и запустит doctor.",
            "ls -ld \(folder)", "sudo -u '#\(found.owner)' chmod u+rwx \(folder)", "sudo -u '#\(found.owner)' call-center-admin doctor"
        ).or(
            onlyIf: "the service runs as \(found.user), who looks now", "сервис работает под \(found.user), кто смотрит сейчас",
            "sudo chown -R \(found.user) \(folder)")
    }

    /// Who looks may not be who takes the backups: a folder given to him would lock the service out.
    private static func admission(to store: StoreCondition) -> Diagnosis.Remedy {
        let folder = Shell.quoted(store.name)
        guard let found = store.folder, found.owner != found.user else {
            return .init("Let its owner write.", "Разрешите запись владельцу.", "chmod 700 \(folder)")
        }
        return .init(
            "Look as its owner; where the service runs as somebody else, whoever is root gives the folder to that account.",
            "Запустите doctor от имени её владельца; если сервис работает под другой учётной записью, root должен передать папку ей.",
            "sudo -u '#\(found.owner)' call-center-admin doctor", "ls -ld \(folder)")
    }

    private static func readOnly(_ store: StoreCondition, _ evidence: Bilingual) -> Diagnosis {
        Diagnosis(
            .storeReadOnly, .critical, Bilingual("\(store.name) is read-only", "\(store.name) доступно только для чтения"),
            evidence: evidence,
            remedy: .init(
                "See what the kernel says: whether a disk error made it so.",
                "Посмотрите, что сообщает ядро: не ошибка ли диска тому виной.",
                "dmesg | tail -n 50", "findmnt --target \(Shell.quoted(store.name))"
            ).or(
                onlyIf: "there is no error of the disk", "ошибок диска нет",
                "mount -o remount,rw \"$(findmnt -n -o TARGET --target \(Shell.quoted(store.name)))\""), subject: .init(store: store.name))
    }
}

extension Examination {
    /// Whether a folder has ever held a backup. A history that lay beside it is gone with it: other stores and the table of file systems know of it too.
    fileprivate func knows(_ store: StoreCondition) -> Bool {
        let hasSucceeded = service?.history.values.contains { $0.lastSuccess != nil } ?? false
        return hasSucceeded || store.folder?.mount?.isMounted == false || remembers(store)
    }

    /// Whether another store has backups of which it is on record that this one held them.
    fileprivate func remembers(_ store: StoreCondition) -> Bool {
        stores.contains { other in
            other.holdings.value?.points.contains { $0.manifest.stores.contains { $0.store == store.name } } ?? false
        }
    }
}

extension StoreCondition.Folder {
    fileprivate var octal: String { String(mode & 0o7777, radix: 8) }
}
