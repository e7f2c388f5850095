import BackupModel
import Doctor
import FoundationEssentials
import Glibc

/// Which process of this machine is the service of an installation: of those that are called by its name, the one that has databases of the state folder
/// open (proc(5), `/proc/PID/fd`), as a service has them for as long as it runs.
struct ServiceProcessLook: Sendable {
    let stateFolder: String
    var view = ProcessView()

    var process: ServiceProcess {
        let services = Self.services
        if let own = services.first(where: hasStateOpen) { return .known(own) }
        return !view.isWhole || services.contains(where: mayBeOurs) ? .hidden : .absent
    }

    /// The service that listens at a port of this machine, whosever it is; nil for another program.
    static func listener(at port: Int) -> Int32? {
        let sockets = listening(at: port)
        return sockets.isEmpty ? nil : services.first { files(of: $0)?.contains { sockets.contains($0.place) } == true }
    }

    private static var services: [Int32] {
        (SystemFiles.names(in: "/proc") ?? []).compactMap { Int32($0) }.filter { LockLook.process($0).program == "backup-service" }
    }

    /// A file that a process has open: what names it, and where it leads.
    private typealias Handle = (link: String, place: String)

    /// Nil where that may not be seen, or the process has ended.
    private static func files(of process: Int32) -> [Handle]? {
        let folder = "/proc/\(process)/fd"
        guard let numbers = SystemFiles.names(in: folder) else { return nil }
        return numbers.compactMap { number -> Handle? in
            let link = "\(folder)/\(number)"
            guard let place = try? FileManager.default.destinationOfSymbolicLink(atPath: link) else { return nil }
            return (link: link, place: place)
        }
    }

    /// By the file itself: a container may have another one under the same path, and a folder that was put aside has another path.
    private func hasStateOpen(_ process: Int32) -> Bool {
        Self.files(of: process)?.contains { file in
            // By its name first: a file of somebody else may lie on a disk that does not answer.
            guard file.place.hasSuffix(".sqlite"), let name = file.place.split(separator: "/").last else { return false }
            guard let own = Self.identity("\(stateFolder)/\(name)") else { return false }
            return Self.identity(file.link) == own
        } ?? false
    }

    /// One that hides its files: whoever writes to the state folder owns its history.
    private func mayBeOurs(_ process: Int32) -> Bool {
        guard let owner = Self.owner("/proc/\(process)"), Self.files(of: process) == nil else { return false }
        return Self.owner("\(stateFolder)/history.sqlite").map { $0 == owner } ?? true
    }

    private static func identity(_ path: String) -> [UInt64]? {
        var facts = stat()
        return stat(path, &facts) == 0 ? [UInt64(facts.st_dev), UInt64(facts.st_ino)] : nil
    }

    private static func owner(_ path: String) -> UInt32? {
        var facts = stat()
        return stat(path, &facts) == 0 ? facts.st_uid : nil
    }
}

extension ServiceProcessLook {
    /// What `/proc/PID/fd` calls the sockets that listen there.
    private static func listening(at port: Int) -> Set<String> {
        let lists = ["/proc/net/tcp", "/proc/net/tcp6"].compactMap { SystemFiles.contents(of: $0) }
        return Set(lists.flatMap { sockets(listeningAt: port, in: String(decoding: $0, as: UTF8.self)) })
    }

    /// - Parameter list: as the kernel writes it (proc_net_tcp): `0: 0100007F:1F95 00000000:0000 0A …`, where 0A listens and the tenth word is the inode.
    static func sockets(listeningAt port: Int, in list: String) -> [String] {
        list.split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ")
            guard words.count > 9, words[3] == "0A", let place = words[1].split(separator: ":").last, Int(place, radix: 16) == port else {
                return nil
            }
            return "socket:[\(words[9])]"
        }
    }
}
