import BackupModel
import BackupReports
import Doctor
import Glibc
import ObjectStores
import OutboundHTTP

/// What is odd about settings that can be used: files with secrets that others may read, names that mean nothing.
struct ConfigurationLook {
    let configuration: BackupConfiguration
    let context: RunContext
    /// Not where they lie on a disk that does not answer.
    var readsFiles = true

    var condition: ConfigurationCondition {
        var condition = ConfigurationCondition(
            warnings: configuration.warnings, openFiles: readsFiles ? openFiles : [],
            given: configuration.settings.count { $0.source != .standard })
        condition.files = configuration.settings.compactMap(\.source.path).withoutRepetitions
        condition.tellsNobody = configuration.alerts.isEmpty
        guard readsFiles else { return condition }
        condition.certificateFailure = failure { if let files = configuration.http?.tls { _ = try LoadedCertificate(files) } }
        condition.mailFailure = failure { try configuration.alerts.email?.server.requireAuthorities() }
        return condition
    }

    private func failure(_ trial: () throws -> Void) -> RunFailure? {
        do { try trial() } catch { return RunFailure(error as? BackupError ?? BackupError(.invalidConfiguration, "\(error)")) }
        return nil
    }

    /// A group of its own may read it, as the service's does.
    private var openFiles: [OpenFile] {
        let files = configuration.settings.compactMap { setting -> String? in
            guard setting.setting.isSecret, setting.value != nil, case .file(let path) = setting.source else { return nil }
            return path
        }
        return (files + keyFiles + profileFiles).withoutRepetitions.compactMap { path in
            var facts = stat()
            guard stat(path, &facts) == 0, facts.st_mode & 0o007 != 0, !isMountedForReading(path) else { return nil }
            return OpenFile(path: path, mode: facts.st_mode & 0o7777)
        }
    }

    /// Files that are secrets themselves.
    private var keyFiles: [String] {
        configuration.settings.filter { Self.keys.contains($0.setting.name) }.compactMap(\.value).filter { !$0.isEmpty }
            .map { absolutePath($0, context: context) }
    }

    private static let keys: Set<String> = [
        "AWS_SHARED_CREDENTIALS_FILE", "AWS_WEB_IDENTITY_TOKEN_FILE", "GOOGLE_APPLICATION_CREDENTIALS", "PGSSLKEY", "BACKUP_HTTP_TLS_KEY",
    ]

    /// AWS's files of profiles, where keys stand in them: a configuration need not have any. Those of the home folder are looked at where there is a bucket.
    private var profileFiles: [String] {
        let hasBucket = configuration.s3 != nil
        let named: [(Setting, String)] = [(.awsConfigFile, "~/.aws/config"), (.awsSharedCredentialsFile, "~/.aws/credentials")]
        return named.compactMap { setting, standard in
            let value = configuration.settings.first { $0.setting.name == setting.name }?.value.flatMap { $0.isEmpty ? nil : $0 }
            return (value ?? (hasBucket ? standard : nil)).map { absolutePath($0, context: context) }
        }.filter(holdsKeys)
    }

    private func holdsKeys(_ path: String) -> Bool {
        var facts = stat()
        guard stat(path, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG, facts.st_size <= 1 << 20 else { return false }
        return SystemFiles.contents(of: path).map { AWSProfileFile.holdsKeys(String(decoding: $0, as: UTF8.self)) } ?? false
    }

    /// As secrets are given to a container: whoever mounts them says who may read them, and nobody can change that there.
    private func isMountedForReading(_ path: String) -> Bool {
        var facts = statvfs()
        return statvfs(path, &facts) == 0 && Int(facts.f_flag) & Int(ST_RDONLY) != 0
    }
}
