import BackupModel
import BackupReports

/// Why a store that is no folder of ours cannot be used.
struct BucketDoor {
    let store: StoreCondition
    let trouble: Trouble
    let around: Surroundings

    func diagnosis(_ severity: Severity) -> Diagnosis {
        Diagnosis(code, severity, cause, evidence: trouble.words, remedy: remedy, subject: .init(store: store.name))
    }

    /// A server may say of a clock that it denies us.
    private var kind: Trouble.Kind {
        let words = ["RequestTimeTooSkewed", "difference between the request time"]
        return words.contains { trouble.message.contains($0) } ? .clock : trouble.kind
    }

    static let setClock = Diagnosis.Remedy(
        "Set the clock; the credentials are not the matter.", "Установите часы; учётные данные ни при чём.", "date -u", "timedatectl",
        "timedatectl set-ntp true")

    private var code: DiagnosisCode {
        switch kind {
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
        let name = store.name
        return switch kind {
        case .credentials: Bilingual("\(name) refuses our credentials", "\(name) не принимает наши учётные данные")
        case .bucketMissing: Bilingual("the bucket of \(name) does not exist", "бакета \(name) не существует")
        case .denied: Bilingual("\(name) denies us access", "\(name) отказывает в доступе")
        case .region: Bilingual("\(name) is in another region", "\(name) находится в другом регионе")
        case .clock: Bilingual("this host's clock is too far from that of \(name)", "часы этого узла слишком расходятся с часами \(name)")
        case .notListening, .unknownHost: Bilingual("\(name) cannot be reached", "\(name) недоступно")
        case .silent: Bilingual("\(name) does not answer", "\(name) не отвечает")
        default: Bilingual("\(name) cannot be used", "\(name) не работает")
        }
    }
}

extension BucketDoor {
    private var isGCS: Bool { store.kind == .gcs }
    private var setting: String { isGCS ? "BACKUP_GCS_BUCKET" : "BACKUP_S3_BUCKET" }

    private var remedy: Diagnosis.Remedy {
        switch kind {
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
        .init(
            "See what buckets there are: mend \(setting), or make the bucket, and give it the backups there are.",
            "Посмотрите, какие бакеты есть: исправьте \(setting) или создайте бакет и скопируйте в него имеющиеся копии.",
            isGCS ? store.program.gcloud("storage buckets list") : store.program.aws("s3 ls"),
            isGCS ? store.program.gcloud("storage buckets create \(bucket)") : store.program.aws("s3 mb \(bucket)"),
            "call-center-admin storage check", "call-center-admin db sync")
    }

    private var mendRegion: Diagnosis.Remedy {
        .init(
            trouble.hint ?? "Set AWS_REGION to the bucket's.", "Укажите регион бакета в AWS_REGION: он назван в сообщении.",
            "call-center-admin config show", "call-center-admin storage check", around.restart(.backup))
    }

    private var mendEndpoint: Diagnosis.Remedy {
        .init(
            "Check the endpoint in the settings, name resolution, firewalls and proxies.",
            "Проверьте адрес в настройках, DNS, файрволы и прокси.", "call-center-admin config show", "call-center-admin storage check")
    }
}

extension StoreCondition {
    /// `s3://bucket` of `s3://bucket/prefix`.
    fileprivate var bucket: String { name.split(separator: "/", omittingEmptySubsequences: false).prefix(3).joined(separator: "/") }
}
