import BackupModel

/// The service under each manager. What stops one that works is typed behind a check of the settings: with wrong ones it would not begin again.
extension Surroundings {
    /// Of the service, where systemd starts it: `User=` of its unit.
    package static let account = "call-center-backup"

    func startService() -> String {
        switch manager {
        case .compose: "docker compose start backup-service"
        case .systemd: "systemctl start call-center-backup"
        case .bare: begin
        }
    }

    func restartService() -> String {
        switch manager {
        case .compose: "\(check) && docker compose restart backup-service"
        case .systemd: "\(check) && systemctl restart call-center-backup"
        case .bare: "\(check) && { \(anew(serviceProcess)) }"
        }
    }

    /// The same for one that keeps its state elsewhere, as it takes somebody who knows that it is the one that is meant: to the check it is a stranger that
    /// has the address, so that all but the address is checked.
    /// - Parameter listener: the process that has the address, where it is a service.
    func restartService(listening listener: Int32?) -> String {
        switch manager {
        case .compose: restartService()
        case .systemd: "\(anyAddress) \(check) && systemctl restart call-center-backup"
        case .bare: "\(anyAddress) \(check) && { \(anew(listener.map(ServiceProcess.known) ?? .hidden)) }"
        }
    }

    private var anyAddress: String { "BACKUP_HTTP=127.0.0.1:0" }

    /// Has settings that were mended take effect, whether the service runs or has not been able to begin. What stands in files is read again; where the
    /// manager gives it its environment it has to begin anew.
    /// - Parameter inEnvironment: whether that is where they were mended.
    func renewService(inEnvironment: Bool = false) -> String {
        if inEnvironment { return renewEnvironment() }
        return switch manager {
        case .compose: restartService()
        case .systemd: "\(check) && systemctl reload-or-restart call-center-backup"
        // In braces of its own: what begins one is more than one command, and none of it is for a service that has heard.
        case .bare: "\(check) && { \(renewed) }"
        }
    }

    private func anew(_ process: ServiceProcess) -> String {
        switch process {
        case .known(let id): told(id, "\(end(id)) && { \(begin) }")
        case .absent: begin
        case .hidden: "\(beginAlone);"
        }
    }

    private var renewed: String {
        switch serviceProcess {
        case .known(let id): told(id, "kill -HUP \(id)")
        case .absent: begin
        case .hidden: "\(beginAlone);"
        }
    }

    /// One that has ended since may have been begun anew by somebody else. One that may not be told anything is left as it is, and none begins beside it.
    private func told(_ process: Int32, _ words: String) -> String { "if \(isStill(process)); then \(words); else \(beginAlone); fi;" }

    /// Of services that do not show whose they are none is ended or told anything: they are listed, for whoever knows, and one begins where there is none.
    private var beginAlone: String { "\(list) || { \(begin) }" }

    /// A container keeps the environment it was made with, however often it is restarted: it is made anew.
    private func renewEnvironment() -> String {
        guard manager == .compose else { return restartService() }
        return "\(check) && docker compose up -d --no-deps backup-service"
    }

    /// Fails where the settings cannot be used; it stops and asks nobody. By compose as a container of its own, which has the settings as they are now.
    private var check: String {
        let program = "backup-service --check"
        if manager == .compose { return "docker compose run --rm -T --no-deps backup-service \(program)" }
        return (settingFiles + [asService(program)]).joined(separator: " ")
    }

    /// By the account that the service has, whoever types it: root may read a key that the service may not, and what root makes is not the service's. The
    /// environment is kept.
    func asService(_ command: String) -> String { manager == .systemd ? "runuser -u \(Self.account) -- \(command)" : command }

    /// A folder that nobody but the service may look into.
    func makeFolder(_ path: String) -> String {
        let folder = Shell.quoted(path)
        return manager == .systemd ? "install -d -m 700 -o \(Self.account) \(folder)" : "mkdir -p -m 700 \(folder)"
    }

    /// By its number alone: others of the same name are those of other installations. A run under way may go on for BACKUP_STOP_TIMEOUT, and the address
    /// is taken until then; one that was stopped hears of nothing, and one that hangs is ended as systemd would. One that has ended and whose end nobody
    /// has asked for is not waited for. It fails where that may not be done.
    private func end(_ process: Int32) -> String {
        let patience = max(180, stopTimeout.components.seconds + 60)
        return """
            kill -TERM \(process) && { kill -CONT \(process); timeout \(patience) \
            sh -c 'while grep -qs "^State:.[^ZX]" /proc/\(process)/status; do sleep 1; done' || kill -KILL \(process); }
            """
    }

    /// What is typed may have been read hours before, and the number be that of another program now. The kernel knows a process by the name it was called
    /// by, though all our programs are links to one file.
    private func isStill(_ process: Int32) -> String { "grep -qsx backup-service /proc/\(process)/comm" }

    private var list: String { "ps -C backup-service -o pid,user,lstart,args" }

    /// It is a program of the foreground; its log goes to standard error. It finds the settings where those were that have been checked.
    private var begin: String {
        let folder = lacksStateFolder ? stateFolder.map { "\(makeFolder($0)) && " } : nil
        let call = (settingFiles + ["nohup backup-service"]).joined(separator: " ")
        return "\(folder ?? "")\(call) >>\(serviceLog) 2>&1 &"
    }

    /// Where nothing but a shell starts it: as a word of that shell.
    var serviceLog: String { stateFolder.map { Shell.quoted("\($0)/backup-service.log") } ?? #""$HOME/backup-service.log""# }

    /// Shows a process of the machine or container that the doctor is on. In a container there is no `ps` as a rule.
    /// - Parameter host: another one.
    func shows(_ process: Int32, on host: String? = nil) -> String {
        guard isInService else { return there("ps -o pid,ppid,user,stat,lstart,args -p \(process)", host) }
        return there("tr '\\0' ' ' </proc/\(process)/cmdline; grep -E '^(Name|State|PPid):' /proc/\(process)/status", host)
    }

    /// Also one that was stopped, which hears of nothing until it goes on.
    func ends(_ process: Int32, on host: String? = nil) -> String { there("kill -CONT \(process) && kill \(process)", host) }

    /// A backup, once a run that was told to end has tidied up: until then it has the lock.
    var backsUpAfterwards: String {
        let (patience, program) = ("BACKUP_RUN_LOCK_TIMEOUT=5min", "call-center-admin db backup")
        return isInService ? "docker compose exec -T -e \(patience) backup-service \(program)" : "\(patience) \(program)"
    }

    /// Whether the processes that the doctor sees are those of the service's container: whoever types is outside of it.
    private var isInService: Bool { manager == .compose && isInContainer }

    private func there(_ command: String, _ host: String?) -> String {
        if let host { return "ssh \(Shell.quoted(host)) \(Shell.quoted(command))" }
        return isInService ? "docker compose exec -T backup-service sh -c \(Shell.quoted(command))" : command
    }
}
