import BackupTestKit
import Glibc
import Testing

@testable import BackupService

@Suite("What systemd is told", .timeLimit(.minutes(5)))
struct ServiceManagerTests {
    @Test("Messages arrive at a path and at a name without a file", arguments: [false, true])
    func messages(abstract: Bool) async throws {
        try await withNotifySocket(abstract: abstract) { socket in
            let environment = ["NOTIFY_SOCKET": socket.address, "WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "\(getpid())"]
            let manager = ServiceManager(environment: environment)
            manager.ready()
            manager.status("next backup\nat two")
            manager.status("next backup\nat two")
            manager.isAlive()
            manager.reloading()
            manager.stopping(within: .seconds(90))
            var messages: [String] = []
            for await message in socket.messages {
                messages.append(message)
                if messages.count == 5 { break }
            }
            #expect(messages[0...2] == ["READY=1", "STATUS=next backup at two", "WATCHDOG=1"])
            #expect(messages[3].wholeMatch(of: /RELOADING=1\nMONOTONIC_USEC=\d+/) != nil)
            #expect(messages[4] == "STOPPING=1\nEXTEND_TIMEOUT_USEC=90000000")
            #expect(manager.watchdog == .seconds(30))
        }
    }

    @Test("However many are listened to at once, each is heard")
    func crowd() async throws {
        try await hear(64)
    }

    /// Each of so many sockets, all open at once, is listened to while the others are.
    private func hear(_ count: Int) async throws {
        guard count > 0 else { return }
        try await withNotifySocket { socket in
            ServiceManager(environment: ["NOTIFY_SOCKET": socket.address]).status("\(count)")
            #expect(try await socket.message(holding: "STATUS=") == "STATUS=\(count)")
            try await hear(count - 1)
        }
    }

    @Test(
        "Without a socket, with one that is gone, or a name too long, nothing happens",
        arguments: ["", "/nonexistent/notify", "relative", "@" + String(repeating: "x", count: 200)])
    func silence(address: String) {
        let manager = ServiceManager(environment: ["NOTIFY_SOCKET": address])
        manager.ready()
        #expect(manager.watchdog == nil)
    }

    @Test("A watchdog that is another process's is none of ours")
    func others() {
        #expect(ServiceManager(environment: ["WATCHDOG_USEC": "1000000", "WATCHDOG_PID": "1"]).watchdog == nil)
        #expect(ServiceManager(environment: ["WATCHDOG_USEC": "1000000"]).watchdog == .seconds(1))
        #expect(ServiceManager(environment: ["WATCHDOG_USEC": "0"]).watchdog == nil)
    }
}
