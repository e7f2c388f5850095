import BackupTestKit
import Glibc
import SystemPackage
import Testing

/// The calls of a program that make files durable and give them names, as strace(1) saw them.
struct SystemCallTrace {
    struct Call: Equatable {
        var name: String
        /// As it was written down, with the paths of descriptors.
        var arguments: String
        /// 0 or more for success.
        var result: Int
        /// Places in the order of all beginnings and ends.
        var begin: Int
        var end: Int

        var succeeded: Bool { result >= 0 }
    }

    private(set) var calls: [Call] = []

    /// Runs a command to its end, and all it starts.
    /// - Parameter faults: calls that fail, in strace's words, as `link,linkat:error=EPERM`.
    /// - Throws: what ends the test as skipped where processes may not be traced, and fails it in continuous integration where the kernel lets them.
    static func of(_ command: Command, faults: [String] = []) async throws -> (trace: SystemCallTrace, outcome: Command.Outcome) {
        try requireProgram("strace", package: "strace")
        let trial = try await Command("strace", ["-f", "-e", "trace=fsync", "true"]).outcome()
        guard trial.status == 0 else {
            try giveUp("no process may be traced here: \(trial.errors)", whereOffered: MachineOffer.tracing)
        }
        return try await withTemporaryFolder { folder in
            let file = folder.appending("trace").string
            let filters = ["trace=\(traced)"] + faults.map { "inject=\($0)" }
            var watched = command
            watched.program = "strace"
            watched.arguments =
                ["-f", "--seccomp-bpf", "-q", "-y", "-s", "4096", "-o", file] + filters.flatMap { ["-e", $0] } + [command.program]
                + command.arguments
            let outcome = try await watched.outcome()
            let lines = try await Command("cat", [file]).output().split(separator: "\n")
            return (SystemCallTrace(lines), outcome)
        }
    }

    private static let traced = "fsync,fdatasync,link,linkat,rename,renameat,renameat2,unlink,open,openat"

    /// A call during which another thread made one stands in two lines, the first of which is left unfinished.
    init(_ lines: [Substring]) {
        var unfinished: [Substring: Int] = [:]
        for (place, line) in lines.enumerated() {
            if let call = line.wholeMatch(of: /(\d+) +(\w+)\((.*)\) += (-?\d+).*/), let result = Int(call.4) {
                calls.append(.init(name: String(call.2), arguments: String(call.3), result: result, begin: place, end: place))
            } else if let call = line.wholeMatch(of: /(\d+) +(\w+)\((.*) <unfinished \.\.\.>/) {
                unfinished[call.1] = calls.count
                calls.append(.init(name: String(call.2), arguments: String(call.3), result: -1, begin: place, end: .max))
            } else if let call = line.wholeMatch(of: /(\d+) +<\.\.\. \w+ resumed>(.*)\) += (-?\d+).*/), let result = Int(call.3),
                let index = unfinished.removeValue(forKey: call.1)
            {
                calls[index].arguments += call.2
                calls[index].result = result
                calls[index].end = place
            }
        }
    }
}

extension SystemCallTrace.Call {
    /// What stands in quotes and is a path.
    private var paths: [String] { arguments.split(separator: "\"").filter { $0.hasPrefix("/") }.map(String.init) }

    var firstPath: String? { paths.first }
    var lastPath: String? { paths.last }

    /// The path of its descriptor, as it was then.
    var descriptorPath: String? { arguments.firstMatch(of: /<(.*)>/).map { String($0.1) } }
}

extension SystemCallTrace {
    /// Those by which a file got its name.
    func namings(of path: String) -> [Call] {
        calls.filter { ["link", "linkat", "rename", "renameat", "renameat2"].contains($0.name) && $0.succeeded && $0.lastPath == path }
    }

    func syncs(of path: String) -> [Call] {
        calls.filter { ["fsync", "fdatasync"].contains($0.name) && $0.succeeded && $0.descriptorPath == path }
    }
}
