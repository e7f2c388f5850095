package import BackupModel

/// What an age file holds, readable at any place: a range costs the chunks it touches, and large ones are decrypted on several threads.
///
/// Nothing leaves it that has not been authenticated. The last chunk is, before the length is believed; so a file that was cut off or added to
/// is refused when it is opened, and a changed byte when the chunk around it is read.
package struct AgeFile: RandomAccessBytes {
    package let byteCount: Int64
    /// The recipient whose identity opened it.
    package let recipient: AgeRecipient
    private let sealed: any RandomAccessBytes
    private let name: String
    private let chunks: AgeChunks
    private let payloadOffset: Int64
    private let lanes: Int

    /// - Parameters:
    ///   - name: of the file, for messages.
    ///   - identities: tried one after the other.
    ///   - recipients: the fingerprints of those it was encrypted to, as far as that is known: where an identity of theirs does not open it, it is the
    ///     file that is at fault.
    ///   - lanes: groups of chunks that are decrypted at the same time.
    /// - Throws: `.permissionDenied` when none of the identities opens it, `.verificationFailed` when it is damaged or no age file, and what reading throws.
    package static func open(
        _ sealed: any RandomAccessBytes, name: String, identities: [AgeIdentity], recipients: [String] = [], lanes: Int = 2
    ) async throws -> AgeFile {
        let (header, length) = try await readHeader(sealed, name)
        guard let (key, recipient) = try find(in: header, identities, name) else { throw unopened(name, identities, recipients) }
        guard key.authenticates(header) else { throw damaged(name, "its header was changed: the MAC does not hold") }
        let offset = Int64(length + AgeChunks.nonceSize)
        guard sealed.byteCount >= offset else { throw damaged(name, "it ends within its header") }
        let nonce = try await sealed.read(at: Int64(length), count: AgeChunks.nonceSize)
        return try await AgeFile(sealed, name, AgeChunks(key, nonce: nonce), offset, recipient, lanes)
    }

    private init(
        _ sealed: any RandomAccessBytes, _ name: String, _ chunks: AgeChunks, _ offset: Int64, _ recipient: AgeRecipient, _ lanes: Int
    ) async throws {
        let payload = sealed.byteCount - offset
        let count = (payload + Int64(AgeChunks.sealedSize) - 1) / Int64(AgeChunks.sealedSize)
        let lastOffset = max(0, count - 1) * Int64(AgeChunks.sealedSize)
        let last = Int(payload - lastOffset)
        // An empty last chunk is that of an empty file only.
        guard last > AgeChunks.tagSize || (last == AgeChunks.tagSize && count == 1) else {
            throw Self.damaged(name, "it was cut off, or bytes were added to it")
        }
        let bytes = try await sealed.read(at: offset + lastOffset, count: last)
        guard (try? chunks.open(bytes, from: count - 1, ends: true)) != nil else {
            throw Self.damaged(name, "its last chunk does not authenticate, so it was changed, cut off, or bytes were added to it")
        }
        byteCount = payload - count * Int64(AgeChunks.tagSize)
        (self.sealed, self.name, self.chunks, self.recipient, self.lanes) = (sealed, name, chunks, recipient, lanes)
        payloadOffset = offset
    }
}

extension AgeFile {
    /// Chunks read and decrypted as one piece: with fewer, handing pieces from thread to thread costs more than the processor's cache gains.
    private static let groupChunks: Int64 = 16
    private static let plainSize = Int64(AgeChunks.plainSize)

    private var chunkCount: Int64 { max(1, (byteCount + Self.plainSize - 1) / Self.plainSize) }

    package func read(at offset: Int64, count: Int) async throws -> [UInt8] {
        try require(count, at: offset, of: name)
        guard count > 0 else { return [] }
        let first = offset / Self.plainSize
        let end = (offset + Int64(count) + Self.plainSize - 1) / Self.plainSize
        if end - first <= Self.groupChunks {
            return cut(try await open(first..<end), from: Int(offset - first * Self.plainSize), count)
        }
        var plain: [UInt8] = []
        plain.reserveCapacity(Int(end - first) * AgeChunks.plainSize)
        try await openGroups(first..<end) { plain += $0 }
        return cut(plain, from: Int(offset - first * Self.plainSize), count)
    }

    /// Decrypts the whole file into a sink, in order; a few mebibytes are held. What the sink has got when this throws is not to be kept.
    package func copy(to sink: any ByteSink) async throws {
        try await openGroups(0..<chunkCount) { try await sink.write($0) }
    }

    private func openGroups(_ range: Range<Int64>, _ take: ([UInt8]) async throws -> Void) async throws {
        let running = OrderedLanes<[UInt8]>(width: lanes + 1)
        for first in stride(from: range.lowerBound, to: range.upperBound, by: Int(Self.groupChunks)) {
            if running.isFull, let plain = try await running.next() { try await take(plain) }
            let group = first..<min(first + Self.groupChunks, range.upperBound)
            running.begin { try await open(group) }
        }
        while let plain = try await running.next() { try await take(plain) }
    }

    private func open(_ range: Range<Int64>) async throws -> [UInt8] {
        let place = payloadOffset + range.lowerBound * Int64(AgeChunks.sealedSize)
        let end = min(sealed.byteCount, payloadOffset + range.upperBound * Int64(AgeChunks.sealedSize))
        let bytes = try await sealed.read(at: place, count: Int(end - place))
        do {
            return try chunks.open(bytes, from: range.lowerBound, ends: range.upperBound == chunkCount)
        } catch let fault as AgeChunks.Fault {
            let begin = payloadOffset + fault.chunk * Int64(AgeChunks.sealedSize)
            let last = min(sealed.byteCount, begin + Int64(AgeChunks.sealedSize)) - 1
            throw Self.damaged(name, "chunk \(fault.chunk) (bytes \(begin) to \(last)) does not authenticate, so it was changed")
        }
    }

    private func cut(_ bytes: [UInt8], from skipped: Int, _ count: Int) -> [UInt8] {
        skipped == 0 && bytes.count == count ? bytes : Array(bytes[skipped..<skipped + count])
    }
}

extension AgeFile {
    /// A header for a thousand recipients fits; whoever claims more is not believed.
    private static let headerLimit = 1 << 20

    private static func readHeader(_ sealed: any RandomAccessBytes, _ name: String) async throws -> (AgeHeader, Int) {
        var size = 4096
        while true {
            let bytes = try await sealed.read(at: 0, count: Int(min(sealed.byteCount, Int64(size))))
            do {
                return try AgeHeaderReader.read(bytes)
            } catch .incomplete where Int64(size) < sealed.byteCount && size < headerLimit {
                size *= 4
            } catch {
                throw damaged(name, error.reason)
            }
        }
    }

    private static func find(
        in header: AgeHeader, _ identities: [AgeIdentity], _ name: String
    ) throws -> (AgeFileKey, AgeRecipient)? {
        let isPassphrase = header.stanzas.contains { $0.arguments[0] == "scrypt" }
        guard !isPassphrase || header.stanzas.count == 1 else {
            throw damaged(name, "a passphrase and other recipients do not go together")
        }
        do {
            for identity in identities {
                for stanza in header.stanzas {
                    if let key = try AgeFileKey(in: stanza, for: identity) { return (key, identity.recipient) }
                }
            }
            return nil
        } catch let fault as AgeHeaderReader.Fault {
            throw damaged(name, fault.reason)
        }
    }

    private static func damaged(_ name: String, _ why: String) -> BackupError {
        BackupError(
            .verificationFailed, "\(name) is damaged or no age file: \(why)",
            hint: "Take another copy or another backup; `call-center-admin db list` shows them.")
    }

    private static func unopened(_ name: String, _ identities: [AgeIdentity], _ recipients: [String]) -> BackupError {
        guard let known = identities.map(\.recipient).first(where: { recipients.contains($0.fingerprint) }) else {
            return locked(name, identities, recipients)
        }
        return damaged(name, "its header was changed: it was encrypted to \(known.text), whose identity is known here and does not open it")
    }

    /// No fault of the file's.
    private static let keyRemedy =
        "Name the file of the identity it was encrypted to in BACKUP_AGE_IDENTITY_FILE; `call-center-admin key check` says which are known here."

    private static func locked(_ name: String, _ identities: [AgeIdentity], _ recipients: [String]) -> BackupError {
        guard !identities.isEmpty else {
            return BackupError(
                .permissionDenied, "\(name) is encrypted, and no age identity is known here",
                hint: "Name the file of the identity in BACKUP_AGE_IDENTITY_FILE.")
        }
        let known = identities.map(\.recipient).map { "\($0.text) (fingerprint \($0.fingerprint))" }.joined(separator: ", ")
        let origins = Set(identities.compactMap(\.origin)).sorted().joined(separator: ", ")
        let whose = recipients.isEmpty ? "" : "it is encrypted to \(recipients.joined(separator: ", ")), and "
        return BackupError(
            .permissionDenied,
            "none of the known age identities opens \(name): \(whose)they are those of \(known)"
                + (origins.isEmpty ? "" : ", from \(origins)"), hint: keyRemedy)
    }
}

extension AgeHeaderReader.Fault {
    var reason: String {
        switch self {
        case .incomplete: "its header is cut off"
        case .malformed(let what): what
        }
    }
}
