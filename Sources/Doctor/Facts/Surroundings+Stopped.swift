/// Programs of this machine, and those of them that somebody has stopped or that have ended.
extension Surroundings {
    /// What starts one that its manager has and says does not run, word by word; nil for any other one, and where its manager cannot be asked.
    func startOfStopped(_ program: Program) -> [String]? {
        guard isHere(program), let state = states[program], isStopped(state) else { return nil }
        return switch manager {
        case .compose: ["docker", "compose", "start", name(of: program)]
        case .systemd: ["systemctl", "start", name(of: program)]
        case .bare: nil
        }
    }

    /// A unit of this machine is not the server of another one, nor is a container of this project what a name of the network's means.
    func isHere(_ program: Program) -> Bool {
        let place = program == .postgres ? postgres : program == .redis ? redis : nil
        guard let place, !place.isLocal else { return program == .backup || place != nil }
        return manager == .compose && name(of: program) == place.host
    }

    /// In the words of Docker Compose and systemd. One that begins again and again by itself is not stopped.
    private func isStopped(_ state: String) -> Bool {
        let words = manager == .compose ? ["exited", "created"] : ["inactive", "failed"]
        return words.contains { state == $0 || state.hasPrefix("\($0) ") }
    }
}
