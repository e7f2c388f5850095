import AdminCommands
import BackupModel
import Synchronization
import Testing

@testable import BackupService

private let foreignNames: [String?] = [nil, "", "/", "backup", "backup-now.old", "/backup-now/call-center-backup"]

@Suite("The program by its names")
struct ProgramTests {
    @Test("is what the last part of its path says", arguments: Program.allCases)
    func names(program: Program) {
        for path in ["", "/usr/bin/", "./", "../bin//"] {
            #expect(Program(calledAs: path + program.rawValue) == program)
            #expect(Program.refusal(of: [path + program.rawValue]) == nil)
        }
    }

    @Test("is call-center-admin by any other that is told what to do", arguments: foreignNames)
    func others(call: String?) {
        #expect(Program(calledAs: call) == .admin)
        #expect(Program.refusal(of: [call ?? "", "db"]) == nil)
    }

    @Test("by any other and without a word it is an error that names the four", arguments: foreignNames)
    func wordless(call: String?) throws {
        let lines = Mutex<[String]>([])
        let console = Console(write: { _ in }, writeError: { line in lines.withLock { $0.append(line) } })
        let refusal = try #require(Program.refusal(of: [call].compactMap { $0 }))
        #expect(refusal.report(on: console).rawValue == 2)
        let told = lines.withLock { $0 }
        #expect(told.first?.hasPrefix("ERROR: called by ") == true && told.last?.hasPrefix("hint: See 'call-center-admin --help'") == true)
        for program in Program.allCases { #expect(told.first?.contains(program.rawValue) == true, "\(told)") }
    }
}
