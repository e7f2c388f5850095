package import BackupModel
import Crypto

/// Encrypts what passes through to its recipients, as the program `age` does (age-encryption.org/v1), and hands it to the next sink.
///
/// Chunks are sealed on several threads at once, in groups of a mebibyte; they leave in order. At most `lanes + 1` groups are held. The file is whole
/// only when `finish()` has returned: without it the last chunk is missing, which every reader notices. For one writer.
package actor AgeEncryptingSink: ByteSink {
    private static let groupSize = 16 * AgeChunks.plainSize

    private let next: any ByteSink
    private let header: [UInt8]
    private let chunks: AgeChunks
    private let lanes: OrderedLanes<[UInt8]>
    private var gathered: [UInt8] = []
    private var begun: Int64 = 0
    private var hasHeader = false

    /// - Parameters:
    ///   - recipients: at least one; each of them can open the file alone.
    ///   - lanes: groups of chunks that are sealed at the same time.
    /// - Throws: `.invalidConfiguration` without recipients, or for one that nothing can be encrypted to.
    package init(_ next: any ByteSink, to recipients: [AgeRecipient], lanes: Int = 2) throws {
        guard !recipients.isEmpty else {
            throw BackupError(
                .invalidConfiguration, "a backup cannot be encrypted to nobody", hint: "Name whom to encrypt to in BACKUP_AGE_RECIPIENTS.")
        }
        let key = AgeFileKey()
        let nonce = SymmetricKey(size: .bits128).withUnsafeBytes { [UInt8]($0) }
        do {
            header = try key.header(for: recipients).bytes + nonce
        } catch {
            throw BackupError(
                .invalidConfiguration, "nothing can be encrypted to one of the age recipients",
                hint: "Make a new key with `call-center-admin key generate ./identity.txt`.", cause: error)
        }
        self.next = next
        self.lanes = OrderedLanes(width: lanes)
        chunks = AgeChunks(key, nonce: nonce)
    }

    package func write(_ bytes: [UInt8]) async throws {
        try await writeHeader()
        var taken = 0
        while taken < bytes.count {
            // A full group leaves only when more has come: the last one ends with the last chunk, and which that is only `finish()` knows.
            if gathered.count == Self.groupSize { try await begin(ends: false) }
            let count = min(Self.groupSize - gathered.count, bytes.count - taken)
            gathered += bytes[taken..<taken + count]
            taken += count
        }
    }

    /// Seals what is left, says that it was the last, and waits until the next sink has taken everything. To be called once.
    package func finish() async throws {
        try await writeHeader()
        try await begin(ends: true)
        while let sealed = try await lanes.next() { try await next.write(sealed) }
    }

    private func writeHeader() async throws {
        guard !hasHeader else { return }
        hasHeader = true
        try await next.write(header)
    }

    private func begin(ends: Bool) async throws {
        while lanes.isFull, let sealed = try await lanes.next() { try await next.write(sealed) }
        let (chunks, first, group) = (chunks, begun, gathered)
        gathered = []
        gathered.reserveCapacity(ends ? 0 : Self.groupSize)
        lanes.begin { try chunks.seal(group[...], from: first, ends: ends) }
        begun += Int64(Self.groupSize / AgeChunks.plainSize)
    }
}
