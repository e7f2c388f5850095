import Testing

@testable import ObjectStores

@Suite("Faults of Cloud Storage")
struct GCSFaultTests {
    @Test("Uploads survive or report exactly, and leave nothing", arguments: GCSFaultCase.uploads)
    func uploading(fault: GCSFaultCase) async throws { try await fault.check() }

    @Test("Reading, listing, deleting and changing do too", arguments: GCSFaultCase.others)
    func others(fault: GCSFaultCase) async throws { try await fault.check() }
}
