import BackupTestKit
import BackupVerification
import RDBFormat
import SystemPackage
import Testing

@Suite struct RDBCheckTests {
    /// Two keys in database 0 and one in database 5, with its checksum.
    private static let file: [UInt8] = {
        let body = Array("REDIS0011".utf8) + [0xfe, 0] + key("a", "1") + key("b", "two") + [0xfe, 5] + key("c", "three") + [0xff]
        return body + checksum(body)
    }()

    private static func key(_ name: String, _ value: String) -> [UInt8] {
        [0] + [UInt8(name.utf8.count)] + Array(name.utf8) + [UInt8(value.utf8.count)] + Array(value.utf8)
    }

    private static func checksum(_ body: [UInt8]) -> [UInt8] {
        let value = body.withUnsafeBytes { CRC64.value(of: $0) }
        return (0..<8).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    private func gzipped(_ bytes: [UInt8]) async throws -> [UInt8] {
        try await withTemporaryFolder { folder in
            let path = folder.appending("file").string
            let escaped = bytes.map { "\\x" + String($0, radix: 16) }.joined()
            try await Command("bash", ["-c", "printf '\(escaped)' | gzip -n > \(path)"]).output()
            let numbers = try await Command("od", ["-An", "-v", "-tu1", path]).output()
            return numbers.split(whereSeparator: \.isWhitespace).compactMap { UInt8($0) }
        }
    }

    @Test(arguments: VerificationLevel.allCases)
    func aWholeFileIsProved(level: VerificationLevel) async throws {
        let verdict = try await verdict(on: Self.file, level)
        #expect(verdict.passed && verdict.kind == .rdb && verdict.keys == 3)
        #expect(verdict.proved.contains("the file has the CRC-64 at its end"))
        #expect(verdict.proved.contains("every value is well-formed: 3 keys in 2 databases"))
    }

    @Test func aCompressedFileIsProvedByWhatIsInIt() async throws {
        let verdict = try await verdict(on: try await gzipped(Self.file))
        #expect(verdict.passed && verdict.kind == .gzipRDB && verdict.keys == 3)
        #expect(verdict.textBytes == Int64(Self.file.count))
    }

    @Test func damageToTheCompressedBytesIsNamedAsSuch() async throws {
        var damaged = try await gzipped(Self.file)
        damaged[damaged.count / 2] ^= 1
        let verdict = try await verdict(on: damaged)
        #expect(!verdict.passed && verdict.findings.count == 1)
        #expect(!verdict.findings[0].message.contains("expected"), "\(verdict.findings)")
    }

    @Test func everyFlippedBitIsFound() async throws {
        for bit in 0..<Self.file.count * 8 {
            var damaged = Self.file
            damaged[bit / 8] ^= 1 << UInt8(bit % 8)
            let verdict = try await verdict(on: damaged)
            #expect(!verdict.passed, "bit \(bit)")
        }
    }

    @Test func everyTruncationIsFound() async throws {
        for length in 0..<Self.file.count {
            let verdict = try await verdict(on: Array(Self.file.prefix(length)))
            #expect(!verdict.passed, "\(length) bytes")
        }
    }

    @Test func aFileWithoutChecksumSaysSo() async throws {
        let verdict = try await verdict(on: Self.file.dropLast(8) + [UInt8](repeating: 0, count: 8))
        #expect(verdict.passed)
        #expect(verdict.notProved.contains("no bit has changed: the server wrote the file with rdbchecksum off"))
    }

    @Test func whatIsNotUnderstoodIsNoDamage() async throws {
        let body = Array("REDIS0011".utf8) + [0xfe, 0] + Self.key("a", "1") + [0x63, 1, 2, 3, 0xff]
        let verdict = try await verdict(on: body + Self.checksum(body))
        #expect(verdict.passed && verdict.keys == 1)
        #expect(verdict.notProved.contains { $0.hasPrefix("what stands behind byte 16") }, "\(verdict)")
    }
}
