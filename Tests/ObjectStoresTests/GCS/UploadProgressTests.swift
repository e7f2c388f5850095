import NIOHTTP1
import Testing

@testable import ObjectStores

@Suite("What an upload session has")
struct UploadProgressTests {
    @Test(
        "One byte more than the end of the range, nothing without one, no answer for nonsense",
        arguments: [
            (nil, 0), ("bytes=0-0", 1), ("bytes=0-262143", 262_144), ("bytes=1-5", nil), ("0-5", nil), ("bytes=0-", nil),
            ("bytes=0--5", nil),
            ("bytes=0-x", nil), ("", nil), ("bytes=0-9223372036854775807", nil),
        ] as [(String?, Int64?)])
    func stored(range: String?, expected: Int64?) {
        #expect(UploadProgress.stored(range.map { ["Range": $0] } ?? [:]) == expected)
    }

    @Test("Pieces say where they are, the last one where the end is")
    func ranges() {
        #expect(UploadProgress.range(at: 0, count: 10, total: nil) == "bytes 0-9/*")
        #expect(UploadProgress.range(at: 10, count: 5, total: 15) == "bytes 10-14/15")
        #expect(UploadProgress.range(at: 0, count: 0, total: nil) == "bytes */*")
        #expect(UploadProgress.range(at: 0, count: 0, total: 15) == "bytes */15")
    }
}
