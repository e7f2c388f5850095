import BackupModel
import BackupTestKit
import Testing

@testable import ObjectStores

@Suite("S3 store on a server that fails")
struct S3FaultTests {
    @Test("Storing a small object", arguments: S3FaultCase.puttingSmall)
    func puttingSmall(fault: S3FaultCase) async throws { try await check(fault) }

    @Test("Storing an object in parts", arguments: S3FaultCase.puttingLarge)
    func puttingLarge(fault: S3FaultCase) async throws { try await check(fault) }

    @Test("Reading", arguments: S3FaultCase.reading)
    func reading(fault: S3FaultCase) async throws { try await check(fault) }

    @Test("Listing, deleting, updating", arguments: S3FaultCase.others)
    func others(fault: S3FaultCase) async throws { try await check(fault) }

    @Test(
        "A busy server is given the time it asks for, whatever its words; one that is broken is not",
        arguments: [(429, true), (503, true), (500, false)])
    func retryAfter(status: Int, isBusy: Bool) async throws {
        let reply = ScriptedReply.error(status, "Whatever", headers: ["Retry-After": "7"])
        try await withScriptedS3([.init(.put, .instead(reply))]) { server, url in
            let clock = SteppingClock()
            try await S3Errand.putSmall.run(on: try scriptedStore(url, clock: clock))
            S3Errand.putSmall.checkDone(server)
            #expect((clock.now.elapsed >= .seconds(7)) == isBusy, "\(clock.now.elapsed)")
        }
    }

    @Test("The table is as long as it has to be")
    func count() {
        let all = S3FaultCase.puttingSmall + S3FaultCase.puttingLarge + S3FaultCase.reading + S3FaultCase.others
        #expect(all.count >= 40)
        #expect(Set(all.map(\.testDescription)).count == all.count)
    }

    private func check(_ fault: S3FaultCase) async throws {
        try await withScriptedS3(fault.faults) { server, url in
            fault.errand.prepare(server)
            let store = try scriptedStore(url) { $0.http.stallLimit = fault.stallLimit }
            switch fault.outcome {
            case .survived:
                try await fault.errand.run(on: store)
                fault.errand.checkDone(server)
            case .reported(let code, let words):
                let error = try await #require(throws: BackupError.self) { try await fault.errand.run(on: store) }
                #expect(error.code == code, "\(error)")
                let text = "\(error) \(error.hint ?? "")"
                for word in words { #expect(text.contains(word), "\(text)") }
                #expect(!text.contains("s3cr3t"))
                fault.errand.checkUndone(server)
            }
        }
    }
}
