import BackupModel
import Doctor
import FoundationEssentials

/// How the vendors' own programs reach the buckets of the settings: they read neither our files nor, in Debian's releases, the variables for another
/// server than the vendor's.
struct BucketProgramLook {
    let configuration: BackupConfiguration
    let context: RunContext
    /// Not where they lie on a disk that does not answer.
    var readsFiles = true

    var programs: [StoreCondition.Kind: BucketProgram] { [.s3: amazon, .gcs: google] }

    func program(of kind: StoreCondition.Kind) -> BucketProgram {
        switch kind {
        case .folder: BucketProgram()
        case .s3: amazon
        case .gcs: google
        }
    }

    private var amazon: BucketProgram {
        var program = BucketProgram(
            endpoint: given(.awsEndpointS3) ?? given(.awsEndpoint), region: given(.awsRegion) ?? given(.awsDefaultRegion), keyFile: keyFile)
        // Nobody shows a certificate on a connection in clear.
        program.authorities = program.endpoint?.hasPrefix("http://") == true ? nil : given(.awsAuthorities)
        // The shell reads it with the rest.
        program.profile = keyFile == nil && source(.awsProfile) != .environment ? given(.awsProfile) : nil
        return program
    }

    private var google: BucketProgram {
        let account = given(.googleCredentials).map { absolutePath($0, context: context) }
        return BucketProgram(endpoint: configuration.gcs?.emulator, account: account, project: account.flatMap(project))
    }

    /// Where lines of a `.env` file have the access key as a shell reads it, too; a YAML file has no lines for a shell.
    private var keyFile: String? {
        guard case .file(let path)? = source(.awsSecretAccessKey), path != yaml, isPlain(path) else { return nil }
        // Under Compose it is a secret of the container, and on the machine the file beside the compose file.
        return path.hasPrefix("/run/secrets/") ? ".env" : path
    }

    private var yaml: String? { given(.configurationFile).map { absolutePath($0, context: context) } }

    private func given(_ setting: Setting) -> String? { resolved(setting)?.value }

    private func source(_ setting: Setting) -> SettingSource? { resolved(setting)?.source }

    private func resolved(_ setting: Setting) -> ResolvedSetting? {
        configuration.settings.first { $0.setting == setting && $0.value != nil && $0.source != .standard }
    }

    private struct Account: Decodable {
        var project: String?

        private enum CodingKeys: String, CodingKey { case project = "project_id" }
    }

    /// What the key file of a service account says it is of; nothing for other credentials.
    private func project(of path: String) -> String? {
        contents(of: path).flatMap { try? JSONDecoder().decode(Account.self, from: $0) }?.project
    }

    private func contents(of path: String) -> Data? { readsFiles ? FileManager.default.contents(atPath: path) : nil }
}

extension BucketProgramLook {
    /// Whether a shell makes the same of the lines as we do: of `$`, a backtick or a blank, which we take as they stand, it makes something else, and
    /// would even run what stands there.
    private func isPlain(_ path: String) -> Bool {
        guard let bytes = contents(of: path) else { return false }
        let lines = bytes.split(separator: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self) }
        let names = lines.filter { $0.prefixMatch(of: /\s*(?:export\s+)?AWS_/) != nil }.map(Self.plainName)
        return !names.contains(nil) && Set(names).count == names.count && names.contains(Setting.awsSecretAccessKey.name)
    }

    /// What a line sets to a value that needs no quotes, whether it has some or not; nil for any other.
    private static func plainName(_ line: String) -> String? {
        guard let parts = line.wholeMatch(of: /(?:export )?(AWS_[A-Z0-9_]+)=(["']?)(.*)\2/) else { return nil }
        let value = String(parts.3)
        return value.isEmpty || Shell.quoted(value) == value ? String(parts.1) : nil
    }
}
