import BackupTestKit
import SystemPackage
import Testing

@Suite("What is stored in a folder")
struct DurabilityTests {
    @Test("is on the disk before it has its name, and its name is there for good before the manifest has one")
    func order() async throws {
        try await traced { trace, folder, files in
            for file in files {
                for naming in try require(trace.namings(of: file), of: file) {
                    let unfinished = try #require(naming.firstPath)
                    let isOnDisk = trace.syncs(of: unfinished).contains { $0.end < naming.begin }
                    #expect(isOnDisk, "\(file) had its name before it was on the disk")
                    #expect(trace.syncs(of: folder).contains { $0.begin > naming.end }, "the folder was not synced after \(naming)")
                }
            }
            let manifest = try #require(files.first { $0.hasSuffix("Z.json") })
            let manifestBegin = try #require(trace.namings(of: manifest).first).begin
            for file in files where file != manifest {
                let naming = try #require(trace.namings(of: file).first)
                let isDurable = trace.syncs(of: folder).contains { $0.begin > naming.end && $0.end < manifestBegin }
                #expect(isDurable, "the manifest was there before the name of \(file) was durable")
            }
        }
    }

    @Test("takes its name without replacing another one where there are no second names, and where there is not even a rename that refuses")
    func withoutLinks() async throws {
        try await traced(faults: ["link,linkat:error=EPERM"]) { trace, _, files in
            for file in files {
                let naming = try #require(trace.namings(of: file).first)
                #expect(naming.name == "renameat2" && naming.arguments.contains("RENAME_NOREPLACE"), "\(naming)")
            }
        }
        try await traced(faults: ["link,linkat:error=EPERM", "renameat2:error=EINVAL"]) { trace, _, files in
            for file in files {
                let naming = try #require(trace.namings(of: file).first)
                let claims = trace.calls.filter {
                    $0.name.hasPrefix("open") && $0.succeeded && $0.firstPath == file && $0.arguments.contains("O_EXCL")
                }
                #expect(claims.contains { $0.end < naming.begin }, "\(naming)")
            }
        }
    }

    /// A backup of a small database under strace.
    /// - Parameter body: is given the paths of the files that were stored.
    private func traced(
        faults: [String] = [], _ body: (SystemCallTrace, _ folder: String, _ files: [String]) async throws -> Void
    ) async throws {
        try await withSmallDatabase { database, admin in
            let (trace, outcome) = try await SystemCallTrace.of(admin.command("db", "backup", "--database", database), faults: faults)
            #expect(outcome.status == 0, "\(outcome.errors)")
            let folder = try await Command("realpath", [admin.folder.string]).output().split(separator: "\n").map(String.init)
            let names = try await Command("find", folder + ["-maxdepth", "1", "-type", "f", "-not", "-name", ".*"]).output()
            let files = names.split(separator: "\n").map(String.init)
            #expect(files.count >= 2)
            try await body(trace, try #require(folder.first), files)
        }
    }

    private func require(_ namings: [SystemCallTrace.Call], of file: String) throws -> [SystemCallTrace.Call] {
        try #require(!namings.isEmpty, "nobody saw \(file) get its name")
        return namings
    }
}
