import BackupCatalog
import BackupModel
import Doctor
import FoundationEssentials
import Glibc

/// Who holds the lock of runs, as the kernel tells (proc(5), `/proc/locks`): nothing is locked to find out, which would turn a run away.
struct LockLook {
    let lock: RunLock
    /// The kernel gives it out a page at a time.
    var list: @Sendable () -> String? = {
        FileManager.default.contents(atPath: "/proc/locks").map { String(decoding: $0, as: UTF8.self) }
    }

    /// Nil where nobody holds it, or a run of ours does.
    func stranger() -> RunningProcess? {
        guard let holder = silentHolder() else { return nil }
        let process = Self.process(holder)
        // One of ours that has not said yet what it does, or found no room for it; or one that has ended since the list was read.
        guard !process.isOurs, silentHolder() == holder else { return nil }
        return process.program == nil ? opener() ?? process : process
    }

    /// Who holds it, unless he has said so in it, as runs do.
    private func silentHolder() -> Int32? {
        guard let told = list(), let holder = Self.holder(in: told, of: lock.path), holder != lock.lastHolder()?.pid else { return nil }
        return holder
    }

    /// - Parameter list: as the kernel writes it: `1: FLOCK  ADVISORY  WRITE 4711 08:01:131072 0 EOF`, with `->` before who waits.
    static func holder(in list: String, of path: String) -> Int32? {
        let places = places(of: path)
        for line in list.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard words.count > 5, words[1] == "FLOCK", places.contains(String(words[5])), let id = Int32(words[4]), id > 0 else {
                continue
            }
            return id
        }
        return nil
    }

    /// What the list may call the file: by the device of its file system, which is not that of the file where each subvolume has one of its own (btrfs).
    private static func places(of path: String) -> [String] {
        var facts = stat()
        guard stat(path, &facts) == 0 else { return [] }
        let devices = [device(UInt64(facts.st_dev)), MountTable().device(of: path)].compactMap { $0 }
        return devices.map { "\($0):\(facts.st_ino)" }
    }

    /// The numbers of a device as `makedev` puts them together.
    private static func device(_ device: UInt64) -> String {
        let major = (device >> 8) & 0xfff | (device >> 32) & ~0xfff
        let minor = device & 0xff | (device >> 12) & ~0xff
        return "\(hexadecimal(major)):\(hexadecimal(minor))"
    }

    static func hexadecimal(_ number: UInt64) -> String { (number < 16 ? "0" : "") + String(number, radix: 16) }

    /// One of this machine.
    static func process(_ id: Int32) -> RunningProcess {
        let words = SystemFiles.text(of: "/proc/\(id)/cmdline")?.split(separator: "\0").map(String.init) ?? []
        return RunningProcess(id: id, calledBy: words)
    }
}

extension LockLook {
    /// A lock outlives the process that took it where one that it began has the file open still. Who waits for it has it open as well: no run of ours is
    /// meant.
    private func opener() -> RunningProcess? {
        var facts = stat()
        guard stat(lock.path, &facts) == 0 else { return nil }
        let processes = (SystemFiles.names(in: "/proc") ?? []).compactMap { Int32($0) }
        return processes.filter { $0 != getpid() && hasOpen($0, facts) }.map(Self.process).first { !$0.isOurs && $0.program != nil }
    }

    private func hasOpen(_ process: Int32, _ facts: stat) -> Bool {
        let folder = "/proc/\(process)/fd"
        let name = lock.path.split(separator: "/").last ?? ""
        return (SystemFiles.names(in: folder) ?? []).contains { number in
            let file = "\(folder)/\(number)"
            // By its name first: a file of somebody else may lie on a disk that does not answer.
            guard let place = try? FileManager.default.destinationOfSymbolicLink(atPath: file), place.hasSuffix("/\(name)") else {
                return false
            }
            var found = stat()
            return stat(file, &found) == 0 && found.st_dev == facts.st_dev && found.st_ino == facts.st_ino
        }
    }
}
