import Testing

@testable import BackupService

@Suite("The program by its names")
struct ProgramTests {
    @Test("is what the last part of its path says", arguments: Program.allCases)
    func names(program: Program) {
        for path in ["", "/usr/bin/", "./", "../bin//"] { #expect(Program(calledAs: path + program.rawValue) == program) }
    }

    @Test("is call-center-admin by any other", arguments: [nil, "", "/", "backup", "backup-now.old", "/backup-now/call-center-backup"])
    func others(call: String?) {
        #expect(Program(calledAs: call) == .admin)
    }
}
