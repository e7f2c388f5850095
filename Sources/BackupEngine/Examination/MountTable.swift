import BackupModel
import Doctor
import FoundationEssentials
import Glibc

/// What this machine is told to mount (fstab(5)), and what is mounted (proc_pid_mountinfo(5)).
struct MountTable {
    var wanted = "/etc/fstab"
    var mounted = "/proc/self/mountinfo"

    /// The file system that belongs at the path or nearest above it; nil where none but the root's does, or no table can be read.
    func mount(above path: String) -> StoreCondition.Mount? {
        let places = lines(of: wanted).compactMap(Self.place)
        let above = places.filter { $0 != "/" && $0.hasPrefix("/") && (path == $0 || path.hasPrefix($0 + "/")) }
        guard let place = above.max(by: { $0.count < $1.count }) else { return nil }
        let there = lines(of: mounted).compactMap { $0.count > 4 ? Self.plain($0[4]) : nil }
        return .init(place: place, isMounted: there.contains(place))
    }

    /// The kind of file system that has the path, as far as its name tells: links are not followed. Nil where the table cannot be read.
    func type(of path: String) -> String? {
        var nearest: (place: String, type: String)?
        for line in lines(of: mounted) {
            guard line.count > 4, let dash = line.firstIndex(of: "-"), dash + 1 < line.count else { continue }
            let place = Self.plain(line[4])
            // Of two at one place the later one lies over the other.
            guard place == "/" || path == place || path.hasPrefix(place + "/"), place.count >= nearest?.place.count ?? 0 else { continue }
            nearest = (place, String(line[dash + 1]))
        }
        return nearest?.type
    }

    /// The device of the file system that has the file, as the kernel's list of locks writes it: `08:01`. Nil where the file cannot be opened.
    func device(of file: String) -> String? {
        let descriptor = open(file, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        let facts = SystemFiles.text(of: "/proc/self/fdinfo/\(descriptor)")?.split(whereSeparator: \.isWhitespace) ?? []
        guard let label = facts.firstIndex(of: "mnt_id:"), label + 1 < facts.count else { return nil }
        return device(ofMount: String(facts[label + 1]))
    }

    /// Both numbers stand there in decimal.
    func device(ofMount number: String) -> String? {
        guard let line = lines(of: mounted).first(where: { $0.count > 4 && $0[0] == number }) else { return nil }
        let numbers = line[2].split(separator: ":").compactMap { UInt64($0) }
        guard numbers.count == 2 else { return nil }
        return numbers.map(LockLook.hexadecimal).joined(separator: ":")
    }

    /// Where a line says that something is to be mounted. What is mounted only when somebody asks for it (mount(8), `noauto`) is not missed.
    private static func place(_ line: [Substring]) -> String? {
        let isWanted = line.count < 4 || !line[3].split(separator: ",").contains("noauto")
        guard line.count > 1, !line[0].hasPrefix("#"), isWanted else { return nil }
        // Written with a slash at its end as well, which the kernel leaves out.
        let place = plain(line[1])
        return place.lastIndex { $0 != "/" }.map { String(place[...$0]) } ?? place
    }

    private func lines(of file: String) -> [[Substring]] {
        guard let bytes = FileManager.default.contents(atPath: file) else { return [] }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map { $0.split(whereSeparator: \.isWhitespace) }.filter {
            !$0.isEmpty
        }
    }

    /// Both files write blanks as octal numbers.
    private static func plain(_ word: Substring) -> String {
        String(word).replacing("\\040", with: " ").replacing("\\011", with: "\t").replacing("\\134", with: "\\")
    }
}
