import Glibc
import NIOCore
import Testing

@testable import ObjectStores

extension LocalStore {
    /// Lets the threads of this folder, and no other, act as `nobody` towards file systems: setfsuid(2) is of a thread, unlike setuid(3), and takes root's
    /// rights to files with it.
    func actAsNobody() async throws {
        let setUser = try fileSystemCall("setfsuid"), setGroup = try fileSystemCall("setfsgid")
        let threads = max(4, System.coreCount)
        let meeting = Meeting(of: threads)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<threads {
                group.addTask {
                    try await blocking {
                        _ = (setGroup(65_534), setUser(65_534))
                        // One that went on would take the next one's turn.
                        meeting.wait()
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    /// Swift does not see sys/fsuid.h.
    private func fileSystemCall(_ name: String) throws -> @convention(c) @Sendable (UInt32) -> Int32 {
        unsafeBitCast(try #require(dlsym(nil, name)), to: (@convention(c) @Sendable (UInt32) -> Int32).self)
    }
}
