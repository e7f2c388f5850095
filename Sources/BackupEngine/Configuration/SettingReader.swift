import BackupModel
import Postgres

/// Turns resolved text into values; every error names the key, the value unless it is secret, and where it was set.
struct SettingReader {
    let layers: SettingLayers
    let context: RunContext

    func text(_ setting: Setting) throws -> String? { try layers.resolve(setting).value }

    /// The text only when somebody set it.
    func given(_ setting: Setting) throws -> String? {
        let resolved = try layers.resolve(setting)
        return resolved.source == .standard ? nil : resolved.value
    }

    func path(_ setting: Setting) throws -> String? { try given(setting).map { absolutePath($0, context: context) } }

    func list(_ setting: Setting) throws -> [String] {
        let names =
            try given(setting)?.split(separator: ",").map { String($0.trimmingPrefix(" ").reversed().drop { $0 == " " }.reversed()) } ?? []
        return names.filter { !$0.isEmpty }.withoutRepetitions
    }

    func integer(_ setting: Setting) throws -> Int? {
        guard case .integer(let range) = setting.form, let text = try given(setting) else { return nil }
        guard let number = Int(text), range.contains(number) else { throw invalid(setting) }
        return number
    }

    func choice(_ setting: Setting) throws -> String {
        guard case .choice(let choices) = setting.form, let text = try text(setting), choices.contains(text) else { throw invalid(setting) }
        return text
    }

    func connection(_ setting: Setting) throws -> ConnectionTarget? {
        guard let url = try given(setting) else { return nil }
        do {
            return try ConnectionTarget(url: url)
        } catch {
            throw BackupError(
                .invalidConfiguration, "\(setting.name)\(place(setting)) cannot be used: \(error.message)", hint: error.hint)
        }
    }

    func size(_ setting: Setting) throws -> ByteSize? { try parsed(setting) { ByteSize(withUnit: $0) } }

    func rate(_ setting: Setting) throws -> ByteRate? { try parsed(setting) { ByteRate($0) } }

    func duration(_ setting: Setting) throws -> Duration {
        guard let duration = try parsed(setting, TimeSpan.parse) else { throw invalid(setting) }
        return duration
    }

    func invalid(_ setting: Setting) -> BackupError {
        let value = (try? layers.resolve(setting))?.shown ?? ""
        return BackupError(
            .invalidConfiguration, "\(setting.name) is “\(value)”\(place(setting)); it has to be \(setting.form.description)",
            hint:
                "Mend it or take it away; docs/configuration.md has every setting, and `call-center-admin config show` then shows them all."
        )
    }

    /// " in /etc/backup.env:3": where the value came from, to stand in a sentence.
    func place(_ setting: Setting) -> String {
        switch (try? layers.resolve(setting))?.source {
        case .flag(let flag): " (from \(flag))"
        case .environment: " in the environment"
        case .file: file(of: setting).map { " in \($0)" } ?? ""
        case .standard, nil: ""
        }
    }

    /// `/etc/backup.env:3`; nil for what is in none.
    func file(of setting: Setting) -> String? {
        guard case .file(let path)? = (try? layers.resolve(setting))?.source else { return nil }
        return path + (layers.line(of: setting).map { ":\($0)" } ?? "")
    }

    private func parsed<Value>(_ setting: Setting, _ parse: (String) -> Value?) throws -> Value? {
        guard let text = try text(setting) else { return nil }
        guard let value = parse(text) else { throw invalid(setting) }
        return value
    }
}

extension SettingReader {
    /// Reads every setting for what it has to be, so that all that is wrong can be mended at once.
    /// - Throws: `.invalidConfiguration`, one error for all of them.
    func requireValid() throws {
        var errors: [BackupError] = []
        for setting in Setting.all {
            do { try requireValid(setting) } catch let error as BackupError { errors.append(error) }
        }
        if let error = errors.asOne(\.message) { throw error }
    }

    private func requireValid(_ setting: Setting) throws {
        switch setting.form {
        case .text, .path, .list: _ = try text(setting)
        case .connection: _ = try connection(setting)
        case .redis: _ = try redis(setting)
        case .redisList: _ = try redisServers(setting)
        case .integer: _ = try integer(setting)
        case .size: _ = try size(setting)
        case .rate: _ = try rate(setting)
        case .duration: if try text(setting) != nil { _ = try duration(setting) }
        case .choice: _ = try choice(setting)
        case .schedule: _ = try slots(setting, in: .utc)
        case .timeZone: _ = try zone(setting)
        }
    }
}
