package import BackupModel

extension BackupConfiguration {
    /// What a service that goes by these settings says of itself: of what somebody has set, all but what is for the doctor alone. Defaults depend on the
    /// release and on who looks, and are the same for both as a rule.
    /// - Parameter key: of the installation.
    package func fingerprint(_ key: Secret) -> ServiceFingerprint {
        let given = settings.filter { $0.source != .standard && !Self.besideTheService.contains($0.setting) }
        let files = fileValues.mapValues { values in
            values.filter { value in !Self.besideTheService.contains { $0.name == value.key } }
        }
        return ServiceFingerprint(
            key: key, settings: given.reduce(into: [:]) { $0[$1.setting.name] = $1.value ?? "" }, files: files)
    }

    private static let besideTheService: Set<Setting> = [.environmentFile, .configurationFile, .managedBy, .prometheusURL]
}
