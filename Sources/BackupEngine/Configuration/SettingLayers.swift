package import BackupModel
import Configuration
import Glibc
import Synchronization
import SystemPackage

/// The places a setting can come from, strongest first: flags, environment, `.env` file, YAML file.
package struct SettingLayers: Sendable {
    private var layers: [Layer] = []
    /// One sentence for every key in a file that is no setting, and for every line that means nothing.
    package private(set) var warnings: [String] = []

    private struct Layer: Sendable {
        /// Of a file.
        var path: String?
        var source: @Sendable (Setting) -> SettingSource
        var value: @Sendable (Setting) throws -> String?
        /// In a file.
        var line: @Sendable (Setting) -> Int? = { _ in nil }
    }

    /// Reads the files that the environment names.
    /// - Parameter flags: values from the command line, by the setting's name.
    /// - Throws: `.invalidConfiguration` when a file that was named cannot be read.
    package static func load(context: RunContext, flags: [String: FlagValue] = [:]) async throws -> SettingLayers {
        var layers = SettingLayers()
        layers.layers.append(Layer(source: { .flag(flags[$0.name]?.flag ?? "") }, value: { flags[$0.name]?.value }))
        let environment = EnvironmentVariablesProvider(environmentVariables: context.environment)
        layers.layers.append(Layer(source: { _ in .environment }, value: { try environment.environmentValue(forName: $0.name) }))
        layers.warnings += context.environment.keys.sorted().compactMap(misspelt)
        try await layers.addEnvironmentFile(context)
        if let path = try layers.resolve(.configurationFile).value {
            try await layers.addYAMLFile(absolutePath(path, context: context))
        }
        return layers
    }

    /// The strongest value; an empty one counts as not set, as `NAME=` in a compose file means nothing.
    package func resolve(_ setting: Setting) throws -> ResolvedSetting {
        for layer in layers {
            if let value = try layer.value(setting), !value.isEmpty {
                return ResolvedSetting(setting: setting, value: value, source: layer.source(setting))
            }
        }
        return ResolvedSetting(setting: setting, value: setting.standard, source: .standard)
    }

    /// What stands in each file, by its path and the setting's name. One that cannot be taken for a value says nothing here: where it counts, `resolve`
    /// has refused it.
    var fileValues: [String: [String: String]] {
        layers.reduce(into: [:]) { files, layer in
            guard let path = layer.path else { return }
            files[path] = Setting.all.reduce(into: [:]) { values, setting in
                if let value = try? layer.value(setting), !value.isEmpty { values[setting.name] = value }
            }
        }
    }

    /// The line of the file that the strongest value stands in; nil where it is in none, or that cannot be told.
    func line(of setting: Setting) -> Int? {
        layers.first { (try? $0.value(setting))?.isEmpty == false }?.line(setting)
    }
}

extension SettingLayers {
    private mutating func addEnvironmentFile(_ context: RunContext) async throws {
        let named = try resolve(.environmentFile)
        let path = absolutePath(named.source == .standard ? ".env" : named.value ?? ".env", context: context)
        if path == "/dev/null" { return }
        let names = NameCollector()
        let provider: EnvironmentVariablesProvider
        let text: String
        do {
            provider = try await EnvironmentVariablesProvider(
                environmentFilePath: FilePath(path), allowMissing: named.source == .standard,
                secretsSpecifier: .dynamic { name, value in names.insert(name, value: value) }
            )
            text = Self.text(of: path)
        } catch {
            throw unreadable(path, "BACKUP_ENV_FILE", error)
        }
        guard !names.holdsCarriageReturns else {
            throw BackupError(
                .invalidConfiguration, "\(path) has the line endings of Windows", hint: "Convert it: sed -i 's/\\r$//' \(path)"
            )
        }
        warnings += EnvironmentFileLines.warnings(in: text, path: path)
        let lines = EnvironmentFileLines.numbers(in: text)
        layers.append(
            Layer(
                path: path, source: { _ in .file(path) },
                value: { setting in
                    let plain = try provider.environmentValue(forName: setting.name)
                    return try (plain ?? provider.environmentValue(forName: "export " + setting.name)).map(EnvironmentFileValue.plain)
                }, line: { lines[$0.name] })
        )
        let ours = names.all.map { $0.hasPrefix("export ") ? String($0.dropFirst(7)) : $0 }.filter { $0.hasPrefix("BACKUP_") }
        warnings += ours.sorted().filter { Setting.byName[$0] == nil }.map {
            unknown($0, in: path, lines[$0], known: Setting.byName.keys)
        }
    }

    /// Of a file that has just been read; empty where it need not be there.
    private static func text(of path: String) -> String {
        String(decoding: SystemFiles.contents(of: path) ?? [], as: UTF8.self)
    }

    private mutating func addYAMLFile(_ path: String) async throws {
        let names = NameCollector()
        let provider: FileProvider<YAMLSnapshot>
        let text: String
        do {
            let options = YAMLSnapshot.ParsingOptions(secretsSpecifier: .dynamic { name, _ in names.insert(name) })
            provider = try await FileProvider<YAMLSnapshot>(parsingOptions: options, filePath: FilePath(path))
            text = Self.text(of: path)
        } catch {
            throw unreadable(path, "BACKUP_CONFIG", error)
        }
        let lines = YAMLLines.numbers(in: text)
        layers.append(
            Layer(
                path: path, source: { _ in .file(path) }, value: { try Self.scalarOrList($0, in: provider, path) },
                line: { lines[$0.yamlKey] }))
        warnings += names.all.filter { Setting.byYAMLKey[$0] == nil }.map {
            unknown($0, in: path, lines[$0], known: Setting.byYAMLKey.keys)
        }
    }

    /// A YAML list means what commas mean elsewhere.
    private static func scalarOrList(_ setting: Setting, in provider: FileProvider<YAMLSnapshot>, _ path: String) throws -> String? {
        let key = AbsoluteConfigKey(setting.yamlKey.split(separator: ".").map(String.init))
        if case .list = setting.form, case .stringArray(let names)? = try? provider.value(forKey: key, type: .stringArray).value?.content {
            return names.joined(separator: ",")
        }
        do {
            guard case .string(let text)? = try provider.value(forKey: key, type: .string).value?.content else { return nil }
            return text
        } catch {
            throw BackupError(
                .invalidConfiguration, "\(setting.yamlKey) in \(path) is not a single value; it has to be \(setting.form.description)",
                hint: "Every key with an example is in docs/configuration.md.")
        }
    }

    /// YAML errors quote the file, which may hold a password; only their first line, without the quotation, is passed on.
    private func unreadable(_ path: String, _ name: String, _ error: any Error) -> BackupError {
        let reason =
            switch access(path, R_OK) == 0 ? 0 : errno {
            case 0: String(String(describing: error).prefix { $0 != "\n" })
            case ENOENT: "there is no such file"
            case EACCES: "permission denied"
            case let number: String(cString: strerror(number)).lowercased()
            }
        return BackupError(
            .invalidConfiguration, "cannot read \(path), the file of \(name): \(reason)",
            hint: "Check \(name), that the file may be read, and that it is well formed."
        )
    }

    /// The environment is shared with other programs, so only what is nearly one of ours is pointed out.
    private static func misspelt(_ name: String) -> String? {
        guard name.hasPrefix("BACKUP_"), Setting.byName[name] == nil else { return nil }
        return Suggestion.nearest(to: name, among: Setting.byName.keys).map {
            "\(name) in the environment is not a setting; did you mean \($0)?"
        }
    }

    private func unknown(_ name: String, in path: String, _ line: Int?, known: some Collection<String>) -> String {
        let guess = Suggestion.nearest(to: name, among: known).map { "; did you mean \($0)?" } ?? ""
        return "\(name) in \(path)\(line.map { ":\($0)" } ?? "") is not a setting of this version\(guess)"
    }
}

/// Relative paths start at the current folder, `~/` at the home folder.
package func absolutePath(_ path: String, context: RunContext) -> String {
    if path.hasPrefix("/") { return path }
    if path == "~" || path.hasPrefix("~/") { return context.home + path.dropFirst() }
    return context.currentFolder + "/" + (path.hasPrefix("./") ? String(path.dropFirst(2)) : path)
}

/// The providers tell nobody which keys a file has, but they ask of each one whether it is secret.
private final class NameCollector: Sendable {
    private let names = Mutex<Set<String>>([])
    private let carriageReturn = Mutex(false)

    var all: [String] { names.withLock { $0.sorted() } }
    /// Lines that end as on Windows run into one another: the parser takes the pair of characters for one that ends nothing.
    var holdsCarriageReturns: Bool { carriageReturn.withLock { $0 } }

    func insert(_ name: String, value: String = "") -> Bool {
        names.withLock { _ = $0.insert(name) }
        if (name + value).utf8.contains(UInt8(ascii: "\r")) { carriageReturn.withLock { $0 = true } }
        return true
    }
}
