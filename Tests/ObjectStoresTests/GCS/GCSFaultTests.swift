import BackupModel
import BackupTestKit
import Testing

@testable import ObjectStores

@Suite("Faults of Cloud Storage")
struct GCSFaultTests {
    @Test("Uploads survive or report exactly, and leave nothing", arguments: GCSFaultCase.uploads)
    func uploading(fault: GCSFaultCase) async throws { try await fault.check() }

    @Test("Reading, listing, deleting and changing do too", arguments: GCSFaultCase.others)
    func others(fault: GCSFaultCase) async throws { try await fault.check() }

    @Test(
        "A busy server is given the time it asks for; one that is broken is not",
        arguments: [
            (429, "rateLimitExceeded", true), (503, "backendError", true), (403, "userRateLimitExceeded", true),
            (500, "backendError", false),
        ])
    func retryAfter(status: Int, reason: String, isBusy: Bool) async throws {
        try await GCSScene.with { scene in
            let busy = GCSFault.refusal(status, reason, "later", headers: ["Retry-After": "7"])
            scene.server.add(GCSFault(.document, .instead(busy)))
            try await scene.store.put("a", bytes: [1])
            #expect(scene.server.object("a")?.bytes == [1] && scene.server.pendingFaults == 0)
            #expect((scene.clock.now.elapsed >= .seconds(7)) == isBusy, "\(scene.clock.now.elapsed)")
        }
    }

    @Test("The table is as long as it has to be")
    func count() {
        let all = GCSFaultCase.uploads + GCSFaultCase.others
        #expect(all.count >= 40)
        #expect(Set(all.map(\.name)).count == all.count)
    }
}
