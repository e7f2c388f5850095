import BackupModel
import BackupReports
import Doctor
import ObjectStores

/// What has to be read before anything can be looked at: the settings, and the state folder they name. Both may lie on a disk that does not answer.
extension DoctorRun {
    /// The two share the time of what comes first; half a second is left to the second in any case.
    func examination(_ given: BackupConfiguration?, by clock: some Clock<Duration>) async -> Examination {
        let begin = clock.now
        do {
            let configuration = if let given { given } else { try await settings() }
            let rest = max(Self.limits.first - begin.duration(to: clock.now), .milliseconds(500))
            return await examine(configuration, try await assembly(configuration.hurried, within: rest))
        } catch let unread as UnreadSettings {
            return await examination(ConfigurationCondition(unread: unread.trouble, files: SettingLayers.places(in: context)))
        } catch {
            let failure = RunFailure(error as? BackupError ?? BackupError(.invalidConfiguration, "\(error)"))
            return await examination(ConfigurationCondition(failure: failure))
        }
    }

    /// Of an installation of which nothing can be known.
    private func examination(_ condition: ConfigurationCondition) async -> Examination {
        Examination(now: context.now(), surroundings: await surroundings(nil), configuration: condition)
    }

    /// - Throws: what is wrong with them, or `UnreadSettings`.
    private func settings() async throws -> BackupConfiguration {
        let subject = Bilingual("the settings", "настройки")
        let reading: Known<Result<BackupConfiguration, any Error>> = await looking.within(Self.limits.first).at(
            subject, explaining: Trouble.plain
        ) { [context] in
            do { return .success(try await BackupConfiguration.load(context: context)) } catch { return .failure(error) }
        }
        switch reading {
        case .known(let settings): return try settings.get()
        case .troubled(let trouble): throw UnreadSettings(trouble: trouble)
        }
    }

    /// A state folder that hangs, or whose files somebody holds, is not waited for.
    private func assembly(_ configuration: BackupConfiguration, within limit: Duration) async throws -> Assembly {
        let looking = looking.within(limit)
        let reading = await looking.at(Bilingual(quoting: configuration.stateFolder), explaining: Trouble.plain) { [context] in
            try Assembly(configuration, context: context, memory: .read)
        }
        return try reading.value ?? Assembly(configuration, context: context, memory: .none)
    }
}

/// Settings that are there, perhaps, and do not come.
private struct UnreadSettings: Error {
    let trouble: Trouble
}

extension SettingLayers {
    /// The files that settings are read from, whatever is in them.
    fileprivate static func places(in context: RunContext) -> [String] {
        let given = [Setting.environmentFile, .configurationFile].map { context.environment[$0.name] ?? "" }
        let names = [given[0].isEmpty ? ".env" : given[0], given[1]].filter { !$0.isEmpty }
        return names.map { absolutePath($0, context: context) }
    }
}

extension BackupConfiguration {
    /// Who has five seconds asks twice, and hears why a server cannot be reached; a run has the patience to go on asking.
    fileprivate var hurried: BackupConfiguration {
        var hurried = self
        hurried.s3?.options.retry.attempts = 2
        hurried.gcs?.options.retry.attempts = 2
        return hurried
    }
}
