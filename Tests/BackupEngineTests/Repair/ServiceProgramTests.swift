import Glibc
import Testing

@testable import BackupEngine

@Suite("The service as a program that was started")
struct ServiceProgramTests {
    @Test("is alive while it works, and neither as a zombie nor once it is gone")
    func life() throws {
        #expect(ServiceProgram.isAlive(getpid()))
        var process: pid_t = 0
        let name = strdup("true")
        defer { free(name) }
        try #require(posix_spawn(&process, "/bin/true", nil, nil, [name, nil], [nil]) == 0)
        // Ended, and not asked for its end yet.
        var end = siginfo_t()
        try #require(waitid(P_PID, id_t(process), &end, WEXITED | WNOWAIT) == 0)
        #expect(kill(process, 0) == 0 && !ServiceProgram.isAlive(process))
        waitpid(process, nil, 0)
        #expect(!ServiceProgram.isAlive(process))
    }
}
