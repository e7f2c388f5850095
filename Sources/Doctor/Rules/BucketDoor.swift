import BackupModel
import BackupReports

/// Why a store that is no folder of ours cannot be used.
struct BucketDoor {
    let store: StoreCondition
    let trouble: Trouble
    let around: Surroundings

    func diagnosis(_ severity: Severity) -> Diagnosis {
        // Whoever has another store goes on without this one; a clock that is wrong makes all ages and dates wrong.
        Diagnosis(
            code, trouble.kind == .clock ? .critical : severity, cause, evidence: trouble.words, remedy: remedy,
            subject: .init(store: store.name))
    }

    static let setClock = Diagnosis.Remedy(
        "Set the clock before anything else: ages, dates and signatures hang on it, and the credentials are not the matter.",
        "Прежде всего установите часы: от них зависят возраст копий, даты и подписи, а учётные данные ни при чём.", "date -u",
        "timedatectl", "timedatectl set-ntp true")

    private var code: DiagnosisCode {
        switch trouble.kind {
        case .credentials: .storeCredentials
        case .bucketMissing: .bucketMissing
        case .denied: .storeDenied
        case .region: .storeRegion
        case .clock: .storeClock
        case .notListening, .unknownHost: .storeUnreachable
        case .silent: .storeSilent
        default: .storeFailed
        }
    }

    private var cause: Bilingual {
        let (name, place) = (store.name, BucketEndpoint(store).place)
        return switch trouble.kind {
        case .credentials: Bilingual("\(name) refuses our credentials", "\(name) не принимает наши учётные данные")
        case .bucketMissing: Bilingual("the bucket of \(name) does not exist", "бакета \(name) не существует")
        case .denied: Bilingual("\(name) denies us access", "\(name) отказывает в доступе")
        case .region: Bilingual("\(name) is in another region", "\(name) находится в другом регионе")
        case .clock: Bilingual("this host's clock is too far from that of \(name)", "часы этого узла слишком расходятся с часами \(name)")
        case .notListening, .unknownHost:
            Bilingual("\(name) cannot be reached at \(place)", "\(name) недоступно по адресу \(place)")
        case .silent:
            Bilingual("\(name) does not answer at \(place)", "\(name) не отвечает по адресу \(place)")
        default: Bilingual("\(name) cannot be used", "\(name) не работает")
        }
    }
}

extension BucketDoor {
    private var isGCS: Bool { store.kind == .gcs }
    private var setting: String { isGCS ? "BACKUP_GCS_BUCKET" : "BACKUP_S3_BUCKET" }

    private var remedy: Diagnosis.Remedy {
        switch trouble.kind {
        case .credentials: mendCredentials
        case .bucketMissing: mendBucket
        case .denied:
            .init("Grant what the message names.", "Выдайте права, названные в сообщении.", "call-center-admin storage check")
        case .region: mendRegion
        case .clock: Self.setClock
        case .notListening, .unknownHost, .silent: mendEndpoint
        default: .init(trouble.hint ?? "See what the store says.", "Посмотрите, что говорит хранилище.", "call-center-admin storage check")
        }
    }

    private var mendCredentials: Diagnosis.Remedy {
        .init(
            "Put valid credentials into the settings, and restart the service.",
            "Укажите в настройках действующие учётные данные и перезапустите сервис.",
            whoAmI, "call-center-admin storage check", around.restart(.backup))
    }

    private var bucket: String { Shell.quoted(store.bucket) }

    /// Whose credentials they are; a server of somebody else's knows nothing of AWS's accounts, and is asked for the bucket.
    private var whoAmI: String {
        let program = store.program
        if isGCS { return program.account == nil ? program.gcloud("auth list") : program.gcloud("storage ls \(bucket)") }
        return program.endpoint == nil ? program.aws("sts get-caller-identity") : program.aws("s3 ls \(bucket)")
    }

    private var mendBucket: Diagnosis.Remedy {
        let program = store.program
        return .init(
            "See what buckets there are, and whether \(setting) names one of them.",
            "Посмотрите, какие бакеты есть и назван ли в \(setting) один из них.",
            isGCS ? program.gcloud("storage buckets list") : program.aws("s3 ls"), "call-center-admin config show"
        ).or(
            onlyIf: "\(setting) names the wrong one, once you have mended it", "в \(setting) назван не тот бакет и вы это исправили",
            "call-center-admin storage check", around.restart(.backup)
        ).or(
            onlyIf: "the name is right, and the bucket is to be made anew and given the backups there are",
            "имя верное, и бакет нужно создать заново и скопировать в него имеющиеся копии",
            isGCS ? program.gcloud("storage buckets create \(bucket)") : program.aws("s3 mb \(bucket)"),
            "call-center-admin storage check", "call-center-admin db sync")
    }

    private var mendRegion: Diagnosis.Remedy {
        .init(
            trouble.hint ?? "Set AWS_REGION to the bucket's.", "Укажите регион бакета в AWS_REGION: он назван в сообщении.",
            "call-center-admin config show", "call-center-admin storage check", around.restart(.backup))
    }

    /// What can be tried from here: the store itself, the name, then the port.
    private var mendEndpoint: Diagnosis.Remedy {
        let place = BucketEndpoint(store)
        let setting = isGCS ? "STORAGE_EMULATOR_HOST" : "AWS_ENDPOINT_URL_S3"
        let (check, checkInRussian) =
            place.isGiven ? (" whether \(setting) is right,", " верен ли \(setting),") : ("", "")
        return .init(
            "See whether a server listens on port \(place.port) of \(place.host),\(check) and whether a firewall or a proxy stands in between.",
            "Посмотрите, слушает ли сервер порт \(place.port) на \(place.host),\(checkInRussian) и не мешает ли файрвол или прокси.",
            [StoreCheck.command(store.name)] + (place.isAddress ? [] : ["getent hosts \(Shell.quoted(place.host))"]) + [
                "curl -sS --max-time 5 -o /dev/null \(Shell.quoted(place.url))", "call-center-admin config show",
            ])
    }
}

extension StoreCondition {
    /// `s3://bucket` of `s3://bucket/prefix`.
    fileprivate var bucket: String { name.split(separator: "/", omittingEmptySubsequences: false).prefix(3).joined(separator: "/") }
}
