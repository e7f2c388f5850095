import Glibc
import Testing

/// Ends the running test as skipped for what this machine does not let it do; in continuous integration it fails instead, as with a missing program,
/// where the machine could: a kernel or a container that lacks the thing is nobody's mistake.
/// - Parameter isOffered: whether the machine has what it takes.
package func giveUp(
    _ reason: String, whereOffered isOffered: Bool, inContinuousIntegration isStrict: Bool = PostgresInstallation.isContinuousIntegration
) throws -> Never {
    if NotPossible.isFailure(whereOffered: isOffered, inContinuousIntegration: isStrict) { throw NotPossible(reason: reason) }
    try Test.cancel("\(reason)")
}

/// Something the tests need could not be done on a machine that offers it.
package struct NotPossible: Error, CustomStringConvertible {
    let reason: String
    package var description: String { reason }

    /// Whether it fails a test; else the test is skipped.
    package static func isFailure(whereOffered isOffered: Bool, inContinuousIntegration isStrict: Bool) -> Bool { isOffered && isStrict }
}

/// What this machine offers to who is root.
package enum MachineOffer {
    /// Whether the device is there, and may be opened: in a container it may be there and closed. What may be done with it is another question.
    package static func device(_ path: String) -> Bool {
        let descriptor = open(path, O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        close(descriptor)
        return true
    }

    /// Whether something may be mounted, tried out of everybody's sight: a container may have every device and lack the right, and a security module
    /// may forbid it to root.
    package static func mounting() async throws -> Bool {
        guard geteuid() == 0 else { return false }
        return try await Command("unshare", ["-m", "mount", "-t", "tmpfs", "none", "/mnt"]).outcome().status == 0
    }

    /// Whether the kernel knows a kind of file system; one in a module it has only once that is loaded, which mounting tries.
    package static func filesystem(_ kind: String) -> Bool { lines(of: "/proc/filesystems").contains { $0.hasSuffix("\t\(kind)") } }

    /// Whether a process may trace its children: neither a filter of system calls nor a security module stands before it.
    package static var tracing: Bool {
        geteuid() == 0 && lines(of: "/proc/self/status").contains("Seccomp:\t0")
            && !lines(of: "/proc/sys/kernel/yama/ptrace_scope").contains("3")
    }

    /// None of a file that is not there.
    private static func lines(of path: String) -> [String] {
        guard let file = fopen(path, "re") else { return [] }
        defer { fclose(file) }
        var lines: [String] = []
        var buffer = [CChar](repeating: 0, count: 4096)
        while fgets(&buffer, Int32(buffer.count), file) != nil {
            let line = String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            lines.append(line.hasSuffix("\n") ? String(line.dropLast()) : line)
        }
        return lines
    }
}
