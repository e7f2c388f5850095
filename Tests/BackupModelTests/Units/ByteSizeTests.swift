import BackupModel
import Testing

@Suite("Byte sizes and rates")
struct ByteSizeTests {
    @Test(
        "Three digits are shown",
        arguments: [
            (0, "0 B"), (999, "999 B"), (1000, "1.00 kB"), (1_234_567, "1.23 MB"), (9_996_000, "10.0 MB"), (73_600_000_000, "73.6 GB"),
            (736_000_000, "736 MB"), (999_600, "1.00 MB"), (Int64.max, "9223 PB"),
        ] as [(Int64, String)]
    )
    func shown(bytes: Int64, text: String) {
        #expect(ByteSize(bytes).description == text)
    }

    @Test(
        "Units are read as documented",
        arguments: [
            ("0", 0), ("512", 512), ("50MB", 50_000_000), ("50 mb", 50_000_000), ("128MiB", 134_217_728), ("1.5GiB", 1_610_612_736),
            ("64K", 65_536), ("2TB", 2_000_000_000_000),
        ] as [(String, Int64)]
    )
    func read(text: String, bytes: Int64) {
        #expect(ByteSize(text) == ByteSize(bytes))
    }

    @Test("Everything else is refused", arguments: ["", "MB", "-1MB", "1..2MB", "5XB", "fast", "99999999999TB"])
    func refused(text: String) {
        #expect(ByteSize(text) == nil)
    }

    @Test("Rates may leave the second out and are never zero")
    func rates() {
        #expect(ByteRate("50MB/s") == ByteRate(bytesPerSecond: 50_000_000))
        #expect(ByteRate("50MB") == ByteRate(bytesPerSecond: 50_000_000))
        #expect(ByteRate("50B/s") == ByteRate(bytesPerSecond: 50))
        for text in ["0", "0MB/s", "50", "50/s"] { #expect(ByteRate(text) == nil) }
        #expect(ByteRate("50MB/min") == nil)
        #expect(ByteRate(bytesPerSecond: 50_000_000).description == "50.0 MB/s")
    }
}
