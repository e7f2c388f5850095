import BackupModel
import BackupReports
import Doctor
import Glibc

/// What is odd about settings that can be used: files with secrets that others may read, names that mean nothing.
struct ConfigurationLook {
    let configuration: BackupConfiguration
    /// Not where they lie on a disk that does not answer.
    var readsFiles = true

    var condition: ConfigurationCondition {
        var condition = ConfigurationCondition(
            warnings: configuration.warnings, openFiles: readsFiles ? openFiles : [],
            given: configuration.settings.count { $0.source != .standard })
        condition.files = configuration.settings.compactMap(\.source.path).withoutRepetitions
        condition.tellsNobody = configuration.alerts.isEmpty
        return condition
    }

    /// A group of its own may read it, as the service's does.
    private var openFiles: [OpenFile] {
        let files = configuration.settings.compactMap { setting -> String? in
            guard setting.setting.isSecret, setting.value != nil, case .file(let path) = setting.source else { return nil }
            return path
        }
        return files.withoutRepetitions.compactMap { path in
            var facts = stat()
            guard stat(path, &facts) == 0, facts.st_mode & 0o007 != 0 else { return nil }
            return OpenFile(path: path, mode: facts.st_mode & 0o7777)
        }
    }
}
