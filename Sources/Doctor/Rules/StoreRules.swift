import BackupModel
import BackupReports

/// Section 7, the stores: why one cannot be used.
enum StoreRules {
    @Sendable static func all(_ facts: Examination) -> [Diagnosis] {
        let isAlone = facts.stores.allSatisfy { $0.holdings.value == nil }
        return facts.stores.compactMap { store in
            let severity: Severity = isAlone || store.kind == .folder ? .critical : .warning
            if let trouble = store.holdings.trouble { return of(store, trouble, severity, facts) }
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

    private static func of(_ store: StoreCondition, _ trouble: Trouble, _ severity: Severity, _ facts: Examination) -> Diagnosis? {
        switch trouble.kind {
        case .folderMissing:
            // Before the first backup there is none, and that backup makes it.
            guard facts.service?.history.values.contains(where: { $0.lastSuccess != nil }) == true else { return nil }
            return folderMissing(store, trouble)
        case .denied where store.kind == .folder: return forbidden(store, trouble.words, severity)
        case .readOnly: return readOnly(store, trouble.words)
        default: return bucket(store, trouble, severity, facts)
        }
    }

    private static func folderMissing(_ store: StoreCondition, _ trouble: Trouble) -> Diagnosis {
        Diagnosis(
            .folderMissing, .critical, Bilingual("the folder \(store.name) is gone", "папка \(store.name) пропала"),
            evidence: trouble.words,
            remedy: .init(
                "Mount its file system, or mend BACKUP_DIR.", "Подключите её файловую систему или исправьте BACKUP_DIR.",
                "findmnt --target \(Shell.quoted(store.name))", "mount -a", "call-center-admin config show"),
            subject: .init(store: store.name))
    }

    private static func forbidden(_ store: StoreCondition, _ evidence: Bilingual, _ severity: Severity) -> Diagnosis {
        Diagnosis(
            .folderForbidden, severity,
            Bilingual("the folder \(store.name) may not be written to", "в папку \(store.name) нельзя писать"),
            evidence: evidence, remedy: admission(to: store), subject: .init(store: store.name))
    }

    /// Who looks may not be who takes the backups: a folder given to him would lock the service out.
    private static func admission(to store: StoreCondition) -> Diagnosis.Remedy {
        let folder = Shell.quoted(store.name)
        guard let found = store.folder, found.owner != found.user else {
            return .init("Let its owner write.", "Разрешите запись владельцу.", "chmod 700 \(folder)")
        }
        return .init(
            "Look as its owner; if the service runs as somebody else, give the folder to that account.",
            "Запустите doctor от имени её владельца; если сервис работает под другой учётной записью, передайте папку ей.",
            "sudo -u '#\(found.owner)' call-center-admin doctor", "ls -ld \(folder)")
    }

    private static func readOnly(_ store: StoreCondition, _ evidence: Bilingual) -> Diagnosis {
        Diagnosis(
            .storeReadOnly, .critical, Bilingual("\(store.name) is read-only", "\(store.name) доступно только для чтения"),
            evidence: evidence,
            remedy: .init(
                "Mount it writable; the kernel says whether a disk error made it so.",
                "Подключите её для записи; ядро сообщает, не ошибка ли диска тому виной.", "dmesg | tail -n 50",
                "mount -o remount,rw \"$(findmnt -n -o TARGET --target \(Shell.quoted(store.name)))\""), subject: .init(store: store.name))
    }
}

extension StoreRules {
    private static func bucket(_ store: StoreCondition, _ trouble: Trouble, _ severity: Severity, _ facts: Examination) -> Diagnosis {
        let (code, cause) = words(store.name, trouble.kind)
        return Diagnosis(
            code, severity, cause, evidence: trouble.words, remedy: remedy(store, trouble, facts.surroundings),
            subject: .init(store: store.name))
    }

    private static func words(_ name: String, _ kind: Trouble.Kind) -> (DiagnosisCode, Bilingual) {
        switch kind {
        case .credentials: (.storeCredentials, Bilingual("\(name) refuses our credentials", "\(name) не принимает наши учётные данные"))
        case .bucketMissing: (.bucketMissing, Bilingual("the bucket of \(name) does not exist", "бакета \(name) не существует"))
        case .denied: (.storeDenied, Bilingual("\(name) denies us access", "\(name) отказывает в доступе"))
        case .clock:
            (
                .storeClock,
                Bilingual("this host's clock is too far from that of \(name)", "часы этого узла слишком расходятся с часами \(name)")
            )
        case .notListening, .unknownHost: (.storeUnreachable, Bilingual("\(name) cannot be reached", "\(name) недоступно"))
        case .silent: (.storeSilent, Bilingual("\(name) does not answer", "\(name) не отвечает"))
        default: (.storeFailed, Bilingual("\(name) cannot be used", "\(name) не работает"))
        }
    }

    private static func remedy(_ store: StoreCondition, _ trouble: Trouble, _ around: Surroundings) -> Diagnosis.Remedy {
        let isGCS = store.kind == .gcs
        switch trouble.kind {
        case .credentials:
            return .init(
                "Put valid credentials into the settings, and restart the service.",
                "Укажите в настройках действующие учётные данные и перезапустите сервис.",
                isGCS ? "gcloud auth list" : "aws sts get-caller-identity", "call-center-admin storage check", around.restart(.backup))
        case .bucketMissing:
            return .init(
                "Mend \(isGCS ? "BACKUP_GCS_BUCKET" : "BACKUP_S3_BUCKET"), or make the bucket.",
                "Исправьте \(isGCS ? "BACKUP_GCS_BUCKET" : "BACKUP_S3_BUCKET") или создайте бакет.",
                isGCS ? "gcloud storage buckets list" : "aws s3 ls",
                isGCS ? "gcloud storage buckets create \(Shell.quoted(store.bucket))" : "aws s3 mb \(Shell.quoted(store.bucket))",
                "call-center-admin storage check")
        case .denied:
            return .init(
                "Grant what the message names.", "Выдайте права, названные в сообщении.", "call-center-admin storage check")
        case .clock: return .init("Set the clock.", "Установите часы.", "timedatectl set-ntp true", "timedatectl")
        case .notListening, .unknownHost, .silent:
            return .init(
                "Check the endpoint in the settings, name resolution, firewalls and proxies.",
                "Проверьте адрес в настройках, DNS, файрволы и прокси.", "call-center-admin config show", "call-center-admin storage check")
        default:
            return .init(
                trouble.hint ?? "See what the store says.", "Посмотрите, что говорит хранилище.",
                "call-center-admin storage check")
        }
    }
}

extension StoreCondition {
    /// `s3://bucket` of `s3://bucket/prefix`.
    fileprivate var bucket: String { name.split(separator: "/", omittingEmptySubsequences: false).prefix(3).joined(separator: "/") }
}

extension StoreCondition.Folder {
    fileprivate var octal: String { String(mode & 0o7777, radix: 8) }
}
