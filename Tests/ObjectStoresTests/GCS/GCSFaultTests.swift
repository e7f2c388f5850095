import Testing

@testable import ObjectStores

@Suite("Faults of Cloud Storage")
struct GCSFaultTests {
    @Test("Uploads survive or report exactly, and leave nothing", arguments: GCSFaultCase.uploads)
    func uploading(fault: GCSFaultCase) async throws { try await fault.check() }

    @Test("Reading, listing, deleting and changing do too", arguments: GCSFaultCase.others)
    func others(fault: GCSFaultCase) async throws { try await fault.check() }

    @Test("The table is as long as it has to be")
    func count() {
        let all = GCSFaultCase.uploads + GCSFaultCase.others
        #expect(all.count >= 40)
        #expect(Set(all.map(\.name)).count == all.count)
    }
}
