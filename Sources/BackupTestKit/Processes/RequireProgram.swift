import Glibc
import Testing

/// Ends the running test as skipped when a program is not in `PATH`; in continuous integration it fails instead.
/// - Parameter package: Debian's package that has it.
package func requireProgram(_ name: String, package: String) throws {
    let folders = (getenv("PATH").map { String(cString: $0) } ?? "").split(separator: ":")
    guard !folders.contains(where: { access("\($0)/\(name)", X_OK) == 0 }) else { return }
    let missing = ProgramMissing(name: name, package: package)
    if PostgresInstallation.isContinuousIntegration { throw missing }
    try Test.cancel("\(missing)")
}

/// A program the tests need and the machine lacks.
package struct ProgramMissing: Error, CustomStringConvertible {
    let name: String
    let package: String
    package var description: String { "\(name) is missing: apt-get install \(package)" }
}
