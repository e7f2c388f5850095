package import BackupModel

/// Writes the same bytes to several sinks at once; a write is done when the slowest has taken it, and fails when one fails.
package struct TeeSink: ByteSink {
    private let branches: [any ByteSink]

    package init(_ branches: [any ByteSink]) {
        self.branches = branches
    }

    package func write(_ bytes: [UInt8]) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for branch in branches {
                group.addTask { try await branch.write(bytes) }
            }
            try await group.waitForAll()
        }
    }
}
