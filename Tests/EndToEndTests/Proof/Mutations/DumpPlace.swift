import BackupVerification
import DumpFormat

/// A place in a dump that a finding can name.
enum DumpPlace: Sendable, Hashable {
    case segment(Int, of: String)
    case script(DumpIndex.ScriptPart.Kind)
    case padding(Range<Int64>)
    case index
    case closingMember
    case end

    /// Whether the findings name it, and no other segment.
    func isNamed(by findings: [Finding]) -> Bool {
        findings.contains(where: isNamed) && findings.allSatisfy { $0.segment == nil || isNamed(by: $0) }
    }

    func isNamed(by finding: Finding) -> Bool {
        switch self {
        case .segment(let number, let table): finding.table == table && finding.segment == number
        case .script(let kind): finding.message.hasPrefix("the \(kind.rawValue) script: ")
        case .padding(let range): finding.offsets == .init(range)
        case .index: finding.message.hasPrefix("the index is damaged")
        case .closingMember: finding.message.hasPrefix("the closing member is ")
        case .end: finding.message == "bytes follow the end of the dump"
        }
    }
}
