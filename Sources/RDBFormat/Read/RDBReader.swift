/// Reads RDB files, versions 1 to 15 of Redis and 80 of Valkey: bytes are pushed in, events come out.
///
/// Bytes may come in pieces of any size, cut anywhere. What is kept between calls is one element that has not arrived whole: a string of a
/// collection, or a node of a packed one. Long strings that are the value of a key are given on in parts and not kept. No declared length takes
/// memory before as many bytes have arrived (for compressed text: before bytes have arrived that can stand for it).
///
/// What is proved when `finish` returns: the file has the structure of its types down to the last element of packed encodings, it ends where it
/// says, and its CRC-64 is right, is switched off, or (before version 5) is not there. Duplicates inside of one set, hash or sorted set are not
/// looked for.
package struct RDBReader<Receiver: RDBReceiver>: ~Copyable {
    package var receiver: Receiver
    private let limit: Int

    var input = ByteInput(UnsafeRawBufferPointer(start: nil, count: 0), origin: 0)
    var step = RDBStep.header
    var context = RDBContext()
    // At most three strings are made at a time: a blob, a field in it and its value.
    let first = Scratch()
    let second = Scratch()
    let third = Scratch()

    private var checksum = TrailingChecksum()
    /// The beginning of an element whose end has not arrived.
    private let carry = Carry()
    /// How many bytes more the element in `carry` needs at least.
    private var missing = 0
    private var consumed: Int64 = 0

    /// - Parameter elementLimit: bytes that one element may have, compressed or not. Redis' own limit for a string is 512 MiB by default.
    package init(receiver: Receiver, elementLimit: Int = 1 << 30) {
        self.receiver = receiver
        limit = elementLimit
    }

    /// Bytes of memory held for what has not arrived whole and for what is being expanded.
    package var bufferedBytes: Int { carry.capacity + first.capacity + second.capacity + third.capacity + context.bytes }

    /// Everything before this offset has been given to the receiver.
    package var consumedBytes: Int64 { consumed }

    /// Takes the next bytes of the file. After an error the reader can only be thrown away.
    package mutating func read(_ bytes: UnsafeRawBufferPointer) throws(RDBFormatError) {
        checksum.update(bytes)
        var rest = bytes[...]
        while !carry.isEmpty, !rest.isEmpty {
            let taken = rest.prefix(missing)
            carry.append(UnsafeRawBufferPointer(rebasing: taken))
            rest = rest.dropFirst(taken.count)
            missing -= taken.count
            if missing == 0 { try parseCarry() }
        }
        guard !rest.isEmpty else { return }
        let parsed = try parse(UnsafeRawBufferPointer(rebasing: rest))
        carry.append(UnsafeRawBufferPointer(rebasing: rest.dropFirst(parsed)))
    }

    /// Says that no more bytes come: the structure has to be at its end, and the checksum has to be right.
    package mutating func finish() throws(RDBFormatError) -> RDBEnding {
        guard step.isAtRest else { throw error(.truncated, at: checksum.byteCount) }
        guard let header = context.header else { throw error(.truncated, at: checksum.byteCount) }
        guard header.hasChecksum else { return RDBEnding(byteCount: checksum.byteCount, checksum: .absent) }
        return RDBEnding(byteCount: checksum.byteCount, checksum: try verdict())
    }

    /// Zero in the file means that the server was told not to compute it.
    private func verdict() throws(RDBFormatError) -> RDBChecksum {
        guard let recorded = checksum.recorded else { throw error(.truncated, at: checksum.byteCount) }
        guard recorded != 0 else { return .disabled }
        guard recorded == checksum.computed else {
            throw error(.checksumMismatch(recorded: recorded, computed: checksum.computed), at: checksum.trailerOffset)
        }
        return .proved
    }
}

package struct RDBEnding: Sendable, Equatable {
    package var byteCount: Int64
    package var checksum: RDBChecksum
}

// MARK: Windows of bytes

extension RDBReader {
    private mutating func parseCarry() throws(RDBFormatError) {
        let parsed = try parse(carry.bytes)
        carry.removeFirst(parsed)
    }

    /// Reads as many whole elements as there are, and returns how many bytes they took.
    private mutating func parse(_ window: UnsafeRawBufferPointer) throws(RDBFormatError) -> Int {
        input = ByteInput(window, origin: consumed)
        defer {
            consumed += Int64(input.position)
            input = ByteInput(UnsafeRawBufferPointer(start: nil, count: 0), origin: consumed)
        }
        while input.available > 0 || step.needsNoBytes {
            context.committed = input.position
            do throws(Interruption) {
                try advance()
            } catch {
                if try interrupted(by: error) { break }
            }
        }
        return input.position
    }

    /// True when more bytes have to come first.
    private mutating func interrupted(by interruption: Interruption) throws(RDBFormatError) -> Bool {
        switch interruption {
        case .needsMore(let count):
            input.rewind(to: context.committed)
            missing = count
            return true
        case .failed(let reason): throw error(reason, at: input.offset)
        case .unknown(let subject, let code):
            input.rewind(to: context.committed)
            step = .notUnderstood
            let unknown = RDBUnknown(subject, code: code, offset: input.offset)
            context.unknown = unknown
            receiver.receive(.notUnderstood(unknown))
            return false
        }
    }

    private func error(_ reason: RDBFormatError.Reason, at offset: Int64) -> RDBFormatError {
        RDBFormatError(reason, offset: offset, key: step.isInsideKey ? context.keyName.bytes : nil, unknown: context.unknown)
    }
}

// MARK: Strings

extension RDBReader {
    /// A string as one piece, valid until the next one is read into the same memory.
    mutating func string(_ scratch: Scratch) throws(Interruption) -> UnsafeRawBufferPointer {
        switch try input.lengthOrEncoding() {
        case .plain(let length): try input.take(try checked(length))
        case .encoded(let encoding): try encodedString(encoding, scratch)
        }
    }

    mutating func encodedString(_ encoding: UInt8, _ scratch: Scratch) throws(Interruption) -> UnsafeRawBufferPointer {
        switch encoding {
        case 0: scratch.digits(Int64(try input.littleEndian(Int8.self)))
        case 1: scratch.digits(Int64(try input.littleEndian(Int16.self)))
        case 2: scratch.digits(Int64(try input.littleEndian(Int32.self)))
        case 3: try expandedString(try compressedSizes(), scratch)
        default: throw .unknown(.stringEncoding, code: UInt64(encoding))
        }
    }

    mutating func compressedSizes() throws(Interruption) -> (compressed: Int, text: Int) {
        let compressed = try checked(try input.length())
        let text = try checked(try input.length())
        guard LZF.isPossible(compressed: compressed, text: text) else {
            throw .malformed("compressed text of a possible length, found \(compressed) bytes for \(text)")
        }
        return (compressed, text)
    }

    mutating func expandedString(_ sizes: (compressed: Int, text: Int), _ scratch: Scratch) throws(Interruption) -> UnsafeRawBufferPointer {
        let compressed = try input.take(sizes.compressed)
        let text = scratch.room(sizes.text)
        guard LZF.expand(compressed, into: text) else { throw .malformed("\(sizes.text) bytes of compressed text") }
        return UnsafeRawBufferPointer(text)
    }

    func checked(_ length: UInt64) throws(Interruption) -> Int {
        guard length <= limit else { throw .failed(.elementTooLarge(bytes: length, limit: limit)) }
        return Int(length)
    }
}
