import Glibc
import SystemPackage

/// A program that runs beside the test that started it.
package struct RunningCommand: Sendable {
    let identifier: pid_t

    /// Sends a signal to the program alone, not to what it has started.
    package func send(_ signal: Signal) throws {
        guard kill(identifier, signal.number) == 0 else { throw Errno(rawValue: errno) }
    }

    package enum Signal: Sendable, CaseIterable {
        case hangUp
        case interrupt
        case terminate
        case kill

        package var number: Int32 {
            switch self {
            case .hangUp: SIGHUP
            case .interrupt: SIGINT
            case .terminate: SIGTERM
            case .kill: SIGKILL
            }
        }
    }
}
