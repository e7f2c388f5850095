import BackupModel
import Postgres

/// Puts `DATABASE_URL`, libpq's variables and the databases' names together.
struct ConnectionSettings {
    let read: SettingReader

    func resolve() throws -> (source: ConnectionTarget, databases: [String]) {
        let url = try read.connection(.databaseURL)
        let names = try databases(url)
        var target = url ?? ConnectionTarget()
        for (keyword, value) in try libpqKeywords() {
            if keyword == "password" {
                target = target.withPassword(Secret(value))
            } else if target.keywords[keyword] == nil {
                target = target.with(keyword, value)
            }
        }
        return (target.with(database: names[0]), names)
    }

    /// What the environment says libpq reads by itself; only what files say has to be handed over.
    private func libpqKeywords() throws -> [String: String] {
        var keywords: [String: String] = [:]
        for setting in Setting.libpq {
            let resolved = try read.layers.resolve(setting)
            guard case .file = resolved.source, let keyword = setting.keyword, let value = resolved.value else { continue }
            keywords[keyword] = value
        }
        return keywords
    }

    private func databases(_ url: ConnectionTarget?) throws -> [String] {
        let named = try read.list(.databases)
        if !named.isEmpty { return named }
        if let database = url?.keywords["dbname"] { return [database] }
        if let setting = Setting.named("PGDATABASE"), let database = try read.given(setting) { return [database] }
        return [try read.text(.postgresDatabase) ?? "call_center"]
    }
}
