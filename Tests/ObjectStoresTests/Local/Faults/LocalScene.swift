import BackupModel
import BackupTestKit
import Synchronization
import SystemPackage
import Testing

@testable import ObjectStores

/// One fault where it happens: what is done to the folder, and what is in it before and after.
final class LocalScene: Sendable {
    private let place: FilePath
    private let fault: LocalFaultCase
    /// When the last thing had happened that was not of our doing.
    private let contents = Mutex("")

    var root: String { "\(place)/backups" }

    init(place: FilePath, fault: LocalFaultCase) {
        self.place = place
        self.fault = fault
    }

    func prepare() async throws {
        try await shell("mkdir -m 755 backups")
        if fault.errand.isOfAFile {
            let text = String(decoding: LocalErrand.bytes, as: UTF8.self)
            try await shell("printf '\(text)' >\"backups/\(LocalErrand.key)\"; chmod 644 \"backups/\(LocalErrand.key)\"")
        }
        try await happen(fault.before)
    }

    func run(on store: LocalStore) async throws {
        try await fault.errand.run(on: store, fault.key) { try await happen(fault.meanwhile) }
    }

    /// What has been made immutable cannot be removed with the test's folder.
    func end() async throws {
        if fault.before.contains("chattr") { try await shell("chattr -R -i backups") }
    }

    /// Nothing of ours is left where nothing was, and what was there is as it was.
    func checkUnchanged() async throws {
        let before = contents.withLock { $0 }
        #expect(try await look() == before)
    }

    /// The names under which something is left that is not whole.
    func unfinished() async throws -> String { try await shell(#"find . -name '.*.partial-*' -o -name '.*.link-*'"#) }

    private func happen(_ script: String) async throws {
        if !script.isEmpty { try await shell(script) }
        let now = try await look("-not -name '.*.partial-*'")
        contents.withLock { $0 = now }
    }

    /// Everything there is, and the bytes of what is a file.
    private func look(_ condition: String = "") async throws -> String {
        try await shell(
            """
            find . \(condition) \\( -type d -printf '%p %y %m\\n' -o -printf '%p %y %m %s %l\\n' \\) | sort
            find . \(condition) -type f -exec sha256sum {} + | sort
            """)
    }

    @discardableResult
    private func shell(_ script: String) async throws -> String {
        var command = Command("bash", ["-c", "set -e; file=backups/\(LocalErrand.key)\n\(script)"])
        command.workingDirectory = place
        return try await command.output()
    }
}
