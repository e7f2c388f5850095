/// Whom to call, in the order the runbook's list has them.
package enum Team: String, Sendable, Codable, CaseIterable {
    case dba
    case devops
    case storage
    case sreLead = "sre-lead"
    case cto

    package var name: Bilingual {
        switch self {
        case .dba: Bilingual("Database Administrator", "администратор баз данных")
        case .devops: Bilingual("DevOps on call", "дежурный DevOps")
        case .storage: Bilingual("Storage / Infrastructure", "хранилище и инфраструктура")
        case .sreLead: Bilingual("SRE Lead", "руководитель SRE")
        case .cto: Bilingual("CTO", "технический директор")
        }
    }
}
