import Foundation
import Glibc

/// Writes down which faults were put into an installation and found, one a line, where DOCTOR_FAULTS names a file: a test that was skipped is in no
/// count. `make test` counts them (scripts/count-faults).
enum InjectedFaults {
    static func record(_ fault: CatalogueFault) throws {
        guard let path = ProcessInfo.processInfo.environment["DOCTOR_FAULTS"], !path.isEmpty else { return }
        let file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        defer { close(file) }
        // At once, as other tests write too.
        let line = Array("\(fault.rawValue)\n".utf8)
        guard write(file, line, line.count) == line.count else { throw POSIXError(.EIO) }
    }
}
