import BackupTestKit
import SystemPackage
import Testing

@testable import BackupEngine

@Suite("Whether every process is seen")
struct ProcessViewTests {
    @Test(
        "It is where the first process shows itself, in a folder of our own namespace, which is the outermost",
        arguments: [
            ("true", true), ("rm -r 1", false), ("rm 1/comm", false), ("ln -sfn 1 self", false), ("rm self", false),
            ("ln -sfn 'pid:[4026532207]' 4711/ns/pid", false), ("rm 4711/ns/pid", false),
        ])
    func whole(change: String, isWhole: Bool) async throws {
        try await withTemporaryFolder { folder in
            let view = try await ProcessView.whole(in: folder)
            try await Command("bash", ["-c", #"cd "$0" && "# + change, view.folder]).output()
            #expect(view.isWhole == isWhole)
        }
    }
}

extension ProcessView {
    /// A folder that looks as the kernel's does from where all are seen.
    static func whole(in folder: FilePath) async throws -> ProcessView {
        let make = #"""
            mkdir -p "$0/1" "$0/4711/ns" && cd "$0" && echo init >1/comm && ln -sfn 4711 self && ln -sfn 'pid:[4026531836]' 4711/ns/pid
            """#
        let place = folder.appending("proc").string
        try await Command("bash", ["-c", make, place]).output()
        return ProcessView(folder: place, process: 4711)
    }
}
