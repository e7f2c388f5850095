import BackupModel
package import BackupReports

/// One thing the doctor can do by himself. None of them can lose data: what goes is what the rules of retention let go, and what a run that broke off
/// had begun.
package enum Repair: Sendable, Hashable {
    /// Takes the rights of others away from the backups in a folder.
    case closeFiles(store: String)
    /// Gives backups in a folder to the folder's owner.
    case returnFiles(store: String)
    /// Lets the owner of a folder write to it.
    case openFolder(store: String)
    /// Takes the rights of others away from a file with secrets.
    case closeSettings(path: String)
    case startService(unit: String)
    /// Where nothing but a shell starts it: runs it in the background. Its log is a word of that shell, and so is each assignment that has it find the
    /// settings.
    case startProgram(path: String, log: String, settings: [String] = [])
    /// Has what manages a program of this machine start it, word by word: one that it has and says does not run.
    case startStopped(Surroundings.Program, command: [String])
    case removeLeftovers
    case prune
    case rebuildCatalog
    case sync
    /// Lets the `latest` links of a folder name the newest backup.
    case link(store: String)
    /// Takes a backup and verifies it.
    case backUp
}

extension Repair {
    /// Stable, for programs.
    package var code: String {
        switch self {
        case .closeFiles: "close-files"
        case .returnFiles: "return-files"
        case .openFolder: "open-folder"
        case .closeSettings: "close-settings"
        case .startService, .startProgram: "start-service"
        case .startStopped(let program, _): program.startCode
        case .removeLeftovers: "remove-leftovers"
        case .prune: "prune"
        case .rebuildCatalog: "rebuild-catalog"
        case .sync: "sync"
        case .link: "link"
        case .backUp: "backup"
        }
    }

    /// The lower one is carried out first: room before copies, copies before links, and a backup when everything else is done.
    var rank: Int {
        switch self {
        case .openFolder: 0
        case .closeFiles, .returnFiles, .closeSettings: 1
        case .startService, .startProgram, .startStopped: 2
        case .removeLeftovers: 3
        case .prune: 4
        case .rebuildCatalog: 5
        case .sync: 6
        case .link: 7
        case .backUp: 8
        }
    }

    /// What is done, in a sentence without a full stop.
    package var title: Bilingual {
        switch self {
        case .closeFiles(let store):
            Bilingual("Take the rights of others away from the backups in \(store)", "Убрать права остальных у резервных копий в \(store)")
        case .returnFiles(let store):
            Bilingual("Give the backups in \(store) to the owner of the folder", "Вернуть резервные копии в \(store) владельцу папки")
        case .openFolder(let store): Bilingual("Let the owner of \(store) write to it", "Разрешить владельцу \(store) запись")
        case .closeSettings(let path): Bilingual("Take the rights of others away from \(path)", "Убрать права остальных у \(path)")
        case .startService, .startProgram: Bilingual("Start the backup service", "Запустить сервис резервного копирования")
        case .startStopped(let program, _): program.startTitle
        case .removeLeftovers:
            Bilingual("Remove what runs that broke off have left", "Удалить то, что осталось от прерванных запусков")
        case .prune: Bilingual("Remove the backups that no rule keeps", "Удалить копии, которые не сохраняет ни одно правило")
        case .rebuildCatalog: Bilingual("Read every manifest of every store again", "Перечитать все манифесты всех хранилищ")
        case .sync: Bilingual("Give every store the backups it lacks", "Восполнить недостающие копии во всех хранилищах")
        case .link(let store):
            Bilingual("Let the links in \(store) name the newest backup", "Направить ссылки в \(store) на последнюю копию")
        case .backUp: Bilingual("Take a backup and verify it", "Сделать backup и проверить его")
        }
    }

    /// What somebody would type for it; nil where no one command does it.
    package var command: String? {
        switch self {
        case .closeFiles(let store): OwnFiles.closing(store)
        case .openFolder(let store): "chmod u+rwx \(Shell.quoted(store))"
        case .closeSettings(let path): "chmod o-rwx \(Shell.quoted(path))"
        case .startService(let unit): "systemctl start \(unit)"
        case .startProgram(let path, let log, let settings):
            (settings + ["nohup \(Shell.quoted(path)) >>\(log) 2>&1 &"]).joined(separator: " ")
        case .startStopped(_, let command): command.map(Shell.quoted).joined(separator: " ")
        case .prune: "call-center-admin db prune"
        case .rebuildCatalog: "call-center-admin catalog rebuild"
        case .sync: "call-center-admin db sync"
        case .backUp: "call-center-admin db backup"
        case .returnFiles, .removeLeftovers, .link: nil
        }
    }
}

extension Surroundings.Program {
    fileprivate var startCode: String {
        switch self {
        case .postgres: "start-postgres"
        case .redis: "start-redis"
        case .backup: "start-service"
        }
    }

    fileprivate var startTitle: Bilingual {
        switch self {
        case .postgres: Bilingual("Start PostgreSQL", "Запустить PostgreSQL")
        case .redis: Bilingual("Start Redis", "Запустить Redis")
        case .backup: Bilingual("Start the backup service", "Запустить сервис резервного копирования")
        }
    }
}
