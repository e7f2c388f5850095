import RDBFormat
import Testing

/// No change of a file that has a checksum goes unnoticed.
struct DamageTests {
    @Test
    func everyFlippedBitIsCaught() throws {
        for file in SampleFile.all {
            let bytes = file.closed()
            #expect(try survey(bytes).checksum == .proved)
            for index in bytes.indices {
                for bit in 0..<8 {
                    var damaged = bytes
                    damaged[index] ^= 1 << UInt8(bit)
                    #expect(refusal(of: damaged) != nil, "bit \(bit) of byte \(index)")
                }
            }
        }
    }

    @Test
    func everyTruncationIsCaughtWithItsPlace() {
        for file in SampleFile.all {
            let bytes = file.closed()
            for count in bytes.indices {
                let error = refusal(of: Array(bytes.prefix(count)))
                #expect(error?.reason == .truncated && error?.offset == Int64(count), "\(count) bytes")
            }
        }
    }

    @Test
    func bytesBehindTheEndAreCaught() {
        let bytes = SampleFile.redis12().closed()
        #expect(refusal(of: bytes + [0]) == RDBFormatError(.trailingBytes, offset: Int64(bytes.count)))
        #expect(refusal(of: bytes + [0], pieces: 1) == RDBFormatError(.trailingBytes, offset: Int64(bytes.count)))
    }

    @Test
    func aWrongChecksumIsShown() throws {
        let error = try #require(refusal(of: try Fixture.bytes("invalid_chksum_v8.rdb")))
        guard case .checksumMismatch(let recorded, let computed) = error.reason else {
            Issue.record("\(error)")
            return
        }
        #expect(recorded != computed)
        #expect(error.offset == 201)
    }

    @Test
    func aChecksumThatIsSwitchedOffIsSaid() throws {
        let bytes = SampleFile.redis12().closed(checksum: false)
        #expect(try survey(bytes).checksum == .disabled)
        #expect(try survey(try Fixture.bytes("hash_zm_v2.rdb")).checksum == .absent)
    }

    @Test
    func anErrorNamesTheKey() {
        var file = RDBFile()
        file.packed(10, "broken", Packed.ziplist(["a"]).dropLast() + [0])
        let error = refusal(of: file.closed())
        #expect(error?.key == Array("broken".utf8))
        #expect(error?.description.hasPrefix("malformed data: expected ") == true)
        #expect(error?.description.contains("key \"broken\", offset ") == true)
    }

    @Test(arguments: ["", "REDIS", "hello world", "REDIS00x1", "REDIS0000", "VALKEY0x0"])
    func refusesWhatIsNoRDB(text: String) {
        let error = refusal(of: Array(text.utf8))
        #expect(error?.reason == (text.utf8.count < 9 ? .truncated : .notRDB))
    }

    @Test
    func anElementMayNotClaimMoreThanTheBound() {
        var file = RDBFile()
        file.key(2, "set")
        file.raw([1, 0x80, 0x7F, 0xFF, 0xFF, 0xFF])
        #expect(refusal(of: file.closed())?.reason == .elementTooLarge(bytes: 0x7FFF_FFFF, limit: 1 << 30))
        #expect(refusal(of: file.closed(), elementLimit: .max)?.reason == .truncated)
    }

    @Test
    func aClaimTakesNoMemory() throws {
        var file = RDBFile()
        file.key(2, "set")
        file.raw([1, 0x80, 0x3F, 0xFF, 0xFF, 0xFF])
        file.raw([UInt8](repeating: 1, count: 1_000))
        var survey = RDBSurvey()
        try survey.read(file.bytes)
        #expect(survey.bufferedBytes < 16_384)
    }
}
