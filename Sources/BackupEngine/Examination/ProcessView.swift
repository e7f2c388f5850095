import BackupModel
import FoundationEssentials
import Glibc

/// Whether every process that may be the service is seen from here: what is not seen may run all the same.
struct ProcessView: Sendable {
    /// Where the kernel shows processes.
    var folder = "/proc"
    /// The one that looks.
    var process = getpid()

    /// Not where processes of other accounts are hidden (proc(5), `hidepid`), and not from a container, which sees its own.
    var isWhole: Bool { SystemFiles.contents(of: "\(folder)/1/comm") != nil && isOwn && isOutermost }

    /// Whether the folder is of the namespace of whoever looks, and not of the one that it was taken over from.
    private var isOwn: Bool { destination(of: "self") == "\(process)" }

    /// The first namespace of a machine, from which all are seen, has this number on every kernel (proc_ns.h, `PROC_PID_INIT_INO`).
    private var isOutermost: Bool { destination(of: "self/ns/pid") == "pid:[4026531836]" }

    private func destination(of link: String) -> String? {
        try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\(link)")
    }
}
