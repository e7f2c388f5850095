import BackupModel
import BytePipeline
import Testing

@Suite("Age files")
struct AgeFileTests {
    private let identity = AgeIdentity()

    @Test("What was encrypted comes back", arguments: [0, 1, 65_535, 65_536, 65_537, 131_072, 1 << 20, 1 << 20 + 1, 3 << 20 + 77])
    func roundTrip(size: Int) async throws {
        let plain = noise(size)
        let sealed = try await encrypted(plain, to: [identity.recipient], piece: 100_003)
        #expect(try await decrypted(sealed, with: [identity]) == plain)
    }

    @Test("Each of several recipients opens it alone, and nobody else does")
    func recipients() async throws {
        let others = (0..<3).map { _ in AgeIdentity() }
        let sealed = try await encrypted(Array("secret".utf8), to: [identity.recipient] + others.map(\.recipient))
        for known in [identity] + others {
            let file = try await AgeFile.open(ArrayBytes(bytes: sealed), name: "a", identities: [AgeIdentity(), known])
            #expect(file.recipient == known.recipient)
            #expect(try await file.read(at: 0, count: 6) == Array("secret".utf8))
        }
        var stranger = AgeIdentity()
        stranger.origin = "BACKUP_AGE_IDENTITY_FILE (/etc/restore.key)"
        let known = stranger
        let error = await #expect(throws: BackupError.self) {
            try await decrypted(sealed, with: [known], recipients: [identity.recipient.fingerprint])
        }
        #expect(error?.code == .permissionDenied)
        #expect(
            error?.message == "none of the known age identities opens sample.age: "
                + "it is encrypted to \(identity.recipient.fingerprint), and they are those of \(known.recipient.text) "
                + "(fingerprint \(known.recipient.fingerprint)), from BACKUP_AGE_IDENTITY_FILE (/etc/restore.key)")
    }

    @Test("Any range can be read, whatever chunks it touches")
    func ranges() async throws {
        let plain = noise(5 << 20 + 4321)
        let sealed = try await encrypted(plain, to: [identity.recipient])
        let file = try await AgeFile.open(ArrayBytes(bytes: sealed), name: "a", identities: [identity])
        #expect(file.byteCount == Int64(plain.count))
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<60 {
            let start = Int.random(in: 0...plain.count, using: &generator)
            let count = Int.random(in: 0...min(plain.count - start, Bool.random() ? 3 << 20 : 70_000), using: &generator)
            #expect(try await file.read(at: Int64(start), count: count) == Array(plain[start..<start + count]))
        }
        for place in [Int64(plain.count - 1), Int64(plain.count) + 1, -1, Int64.max] {
            await #expect(throws: BackupError.self) { try await file.read(at: place, count: 2) }
        }
    }

    @Test("A range reads only the chunks it touches")
    func seeking() async throws {
        var sealed = try await encrypted(noise(1 << 20), to: [identity.recipient])
        let file = try await AgeFile.open(ArrayBytes(bytes: sealed), name: "a", identities: [identity])
        let offset = sealed.count - Int(file.byteCount) - 16 * 16
        sealed[offset + 5 * 65_552 + 9] ^= 4
        let changed = try await AgeFile.open(ArrayBytes(bytes: sealed), name: "a", identities: [identity])
        #expect(try await changed.read(at: 4 << 16, count: 1 << 16) == noise(1 << 20)[4 << 16..<5 << 16].map { $0 })
        let error = await #expect(throws: BackupError.self) { try await changed.read(at: 5 << 16, count: 1) }
        #expect(error?.code == .verificationFailed)
        #expect(error?.message.contains("chunk 5 (bytes \(offset + 5 * 65_552) to \(offset + 6 * 65_552 - 1))") == true)
    }
}

@Suite("Damage to age files")
struct AgeDamageTests {
    private let identity = AgeIdentity()

    private func expectRefusal(_ sealed: [UInt8], _ what: String) async {
        do {
            _ = try await decrypted(sealed, with: [identity], recipients: [identity.recipient.fingerprint])
            Issue.record("\(what) was not noticed")
        } catch let error as BackupError {
            #expect(error.code == .verificationFailed, "\(what): \(error)")
        } catch {
            Issue.record("\(what): \(error)")
        }
    }

    @Test("Every flipped bit of a file is noticed")
    func bits() async throws {
        let sealed = try await encrypted(Array("to be or not to be".utf8), to: [identity.recipient])
        for place in sealed.indices {
            for bit in 0..<8 {
                var changed = sealed
                changed[place] ^= 1 << UInt8(bit)
                await expectRefusal(changed, "bit \(bit) of byte \(place)")
            }
        }
    }

    @Test("Every truncation of a file is noticed, and bytes added at its end")
    func lengths() async throws {
        let sealed = try await encrypted(Array("to be or not to be".utf8), to: [identity.recipient])
        for length in sealed.indices { await expectRefusal(Array(sealed[..<length]), "a file of \(length) bytes") }
        for added in [1, 15, 16, 17, 65_551, 65_552, 65_553] { await expectRefusal(sealed + noise(added), "\(added) bytes more") }
    }

    @Test("Chunks that were left out, moved, doubled or taken from another file are noticed")
    func chunks() async throws {
        let plain = noise(4 * 65_536 + 100)
        let sealed = try await encrypted(plain, to: [identity.recipient])
        let other = try await encrypted(plain, to: [identity.recipient])
        let start = sealed.count - plain.count - 5 * 16
        let head = Array(sealed[..<start])
        func chunk(_ number: Int, of file: [UInt8]) -> [UInt8] {
            Array(file[start + number * 65_552..<min(file.count, start + (number + 1) * 65_552)])
        }
        let good = (0..<5).map { chunk($0, of: sealed) }
        let arrangements: [(String, [[UInt8]])] = [
            ("the last one left out", Array(good.dropLast())), ("the first left out", Array(good.dropFirst())),
            ("two exchanged", [good[1], good[0]] + good[2...]), ("one doubled", [good[0]] + good), ("the last doubled", good + [good[4]]),
            ("one of another file", [chunk(0, of: other)] + good[1...]), ("all of another file", (0..<5).map { chunk($0, of: other) }),
        ]
        for (what, chunks) in arrangements { await expectRefusal(head + chunks.flatMap { $0 }, what) }
        #expect(try await decrypted(head + good.flatMap { $0 }, with: [identity]) == plain)
    }

    @Test("Random damage to a larger file is noticed")
    func fuzz() async throws {
        let sealed = try await encrypted(noise(200_000), to: [identity.recipient])
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<150 {
            var changed = sealed
            let place = Int.random(in: 0..<changed.count, using: &generator)
            let span = place..<min(changed.count, place + Int.random(in: 1...5000, using: &generator))
            switch Int.random(in: 0..<4, using: &generator) {
            case 0: changed[place] ^= UInt8.random(in: 1...255, using: &generator)
            case 1: changed.removeSubrange(span)
            case 2: changed.insert(contentsOf: noise(span.count, seed: 7), at: place)
            default: changed.replaceSubrange(span, with: changed[span].map { ~$0 })
            }
            await expectRefusal(changed, "damage at \(place)")
        }
    }
}
