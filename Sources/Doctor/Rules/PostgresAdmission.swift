import BackupModel
import BackupReports

/// What to do where pg_hba.conf does not let us in. Whoever closed that door may have meant to: it is opened only by somebody who says so.
struct PostgresAdmission {
    let message: String
    let around: Surroundings
    let databases: [String]
    /// The path of pg_hba.conf, where the server has told us.
    let file: String?

    var remedy: Diagnosis.Remedy {
        let look = [file == nil ? onServer("SHOW hba_file") : nil, "call-center-admin config check"].compactMap { $0 }
        guard let line = AdmissionLine(message, databases: databases) else { return plain(look) }
        let place = file ?? "pg_hba.conf"
        return Diagnosis.Remedy(
            "Whoever looks after the server lets us in by this line, above all others, in \(place): \(line.text)",
            "Администратор сервера впускает нас такой строкой выше всех остальных в \(place): \(line.text)", look
        ).or(
            onlyIf: "this host and role are to be let in; the file as it was stays beside it as pg_hba.conf.before",
            "этот узел и роль действительно нужно впустить; прежний файл остаётся рядом как pg_hba.conf.before",
            insertion(line), reload, "call-center-admin config check")
    }

    private func plain(_ look: [String]) -> Diagnosis.Remedy {
        Diagnosis.Remedy(
            "Whoever looks after the server lets this host and role in by a line of pg_hba.conf.",
            "Администратор сервера впускает этот узел и роль строкой в pg_hba.conf.", look
        ).or(onlyIf: "that line is there", "эта строка уже есть", reload, "call-center-admin config check")
    }

    private var reload: String { onServer("SELECT pg_reload_conf()") }

    /// Through the server's own socket: the door that psql would take from here is the one that is shut.
    private func onServer(_ sql: String) -> String { around.onServer(around.psqlOnServer(sql)) }

    /// The first line that fits decides, so ours goes before those that refuse us.
    private func insertion(_ line: AdmissionLine) -> String {
        let path = file.map(Shell.quoted) ?? "\"$(\(around.psqlOnServer("SHOW hba_file")))\""
        return around.onServer("sed -i.before \(Shell.quoted("1i \(line.text)")) \(path)")
    }
}
