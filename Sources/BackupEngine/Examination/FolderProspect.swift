import Doctor
import Glibc

/// Whether a folder that is not there could be made, as far as that is seen: nothing is made to find out.
struct FolderProspect {
    let folder: String
    var table = MountTable()

    /// What keeps it from being made; nil where nothing does, and where it is there.
    var obstacle: Trouble? {
        var place = folder
        while access(place, F_OK) != 0 {
            guard errno == ENOENT, place != "/" else { return trouble(errno, parent(of: place)) }
            place = parent(of: place)
        }
        guard place != folder else { return nil }
        // Root may write everywhere, as far as the rights say.
        if let type = table.type(of: place), Self.kernels.contains(type) { return trouble(ENOTSUP, place) }
        return access(place, W_OK | X_OK) == 0 ? nil : trouble(errno, place)
    }

    /// File systems of the kernel's own files, which take no folders.
    private static let kernels: Set<String> = ["proc", "sysfs"]

    private func trouble(_ number: Int32, _ place: String) -> Trouble {
        let reason = String(cString: strerror(number)).lowercased()
        let kind: Trouble.Kind = number == EROFS ? .readOnly : [EACCES, EPERM].contains(number) ? .denied : .invalid
        var trouble = Trouble(kind, "\(folder) is not there, and cannot be made in \(place): \(reason)")
        trouble.russian = "\(folder) нет, и создать её в \(place) нельзя: \(reason)"
        return trouble
    }

    private func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return "/" }
        return String(path[..<slash])
    }
}
