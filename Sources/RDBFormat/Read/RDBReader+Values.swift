/// Values, but for streams, modules and templates.
extension RDBReader {
    /// The first bytes of a value: its number of elements, or all of it when it is one blob.
    ///
    /// The step stands at `.value` until they have been read.
    mutating func beginValue() throws(Interruption) {
        switch context.type {
        case .string: try beginString()
        case .list: step = .list(try input.length())
        case .set: step = .set(try input.length())
        case .sortedSet: step = .sortedSet(try input.length(), binary: false)
        case .sortedSet2: step = .sortedSet(try input.length(), binary: true)
        case .hash: step = .hash(try input.length(), .plain)
        case .valkeyHash2: step = .hash(try input.length(), .valkey)
        case .hashMetadataPreRelease: step = .hash(try input.length(), .absolute)
        case .hashMetadata: try beginRelativeHash()
        case .listQuicklist, .listQuicklist2: step = .quicklist(try input.length())
        case .array: try beginArray()
        case .module2: try beginModule()
        case .streamListpacks, .streamListpacks2, .streamListpacks3, .streamListpacks4, .streamListpacks5:
            step = .stream(.nodes(try input.length()))
        case .hashTemplateArrayReference: try beginTemplateArray()
        default:
            try readBlob()
            step = .keyEnd
        }
    }

    mutating func readValue() throws(Interruption) {
        switch step {
        case .value: try beginValue()
        case .stringBody(let count): readStringBody(count)
        case .compressedBody: try readCompressedBody()
        case .list(let count): try readList(count)
        case .set(let count): try readSet(count)
        case .sortedSet(let count, let binary): try readSortedSet(count, binary: binary)
        case .hash(let count, .plain): try readHash(count)
        case .hash(let count, let form): try readExpiringHash(count, form)
        case .quicklist(let count): try readQuicklist(count)
        case .array(let count): try readArray(count)
        case .templateArray(let field): try readTemplateArray(from: field)
        default: preconditionFailure("a step of the level above values")
        }
    }

    private mutating func beginRelativeHash() throws(Interruption) {
        let earliest = try input.littleEndian(Int64.self)
        step = .hash(try input.length(), .relative)
        context.earliestExpiry = earliest
    }
}

// MARK: Strings

extension RDBReader {
    /// From this size on compressed strings are expanded piece by piece.
    private var wholeTextBytes: Int { 256 * 1_024 }

    private mutating func beginString() throws(Interruption) {
        switch try input.lengthOrEncoding() {
        case .plain(let length): readStringBody(try stringBytes(length))
        case .encoded(3): try beginCompressedString()
        case .encoded(let encoding):
            receiver.receive(.stringPart(try encodedString(encoding, first), isLast: true))
            step = .keyEnd
        }
    }

    /// A string is not kept, so the bound on elements does not hold for it.
    private func stringBytes(_ length: UInt64) throws(Interruption) -> Int {
        guard let count = Int(exactly: length) else { throw .malformed("the length of a string, found \(length)") }
        return count
    }

    private mutating func readStringBody(_ count: Int) {
        let part = input.takeAvailable(count)
        let rest = count - part.count
        if !part.isEmpty || count == 0 { receiver.receive(.stringPart(part, isLast: rest == 0)) }
        step = rest == 0 ? .keyEnd : .stringBody(rest)
    }

    private mutating func beginCompressedString() throws(Interruption) {
        let compressed = try stringBytes(try input.length())
        let text = try stringBytes(try input.length())
        guard LZF.isPossible(compressed: compressed, text: text) else {
            throw .malformed("compressed text of a possible length, found \(compressed) bytes for \(text)")
        }
        if text <= wholeTextBytes {
            receiver.receive(.stringPart(try expandedString((compressed, text), first), isLast: true))
            step = .keyEnd
        } else {
            context.compressedBody = LZFStream(compressedBytes: compressed, textBytes: text)
            step = .compressedBody
        }
    }

    private mutating func readCompressedBody() throws(Interruption) {
        guard let body = context.compressedBody else { preconditionFailure("the step without its text") }
        let part = try body.next(from: &input)
        receiver.receive(.stringPart(part, isLast: body.isFinished))
        guard body.isFinished else { return }
        context.compressedBody = nil
        step = .keyEnd
    }
}

// MARK: Collections, element by element

/// Each loop commits what it has given to the receiver, so that an element is read again only when it was cut.
extension RDBReader {
    private mutating func readList(_ count: UInt64) throws(Interruption) {
        var left = count
        while left > 0 {
            receiver.receive(.listElement(try string(first)))
            left -= 1
            commit(.list(left))
        }
        step = .keyEnd
    }

    private mutating func readSet(_ count: UInt64) throws(Interruption) {
        var left = count
        while left > 0 {
            receiver.receive(.setMember(try string(first)))
            left -= 1
            commit(.set(left))
        }
        step = .keyEnd
    }

    private mutating func readSortedSet(_ count: UInt64, binary: Bool) throws(Interruption) {
        var left = count
        while left > 0 {
            let member = try string(first)
            let score = binary ? try binaryScore() : try textScore()
            receiver.receive(.sortedSetMember(member, score: score))
            left -= 1
            commit(.sortedSet(left, binary: binary))
        }
        step = .keyEnd
    }

    private mutating func readHash(_ count: UInt64) throws(Interruption) {
        var left = count
        while left > 0 {
            let field = try string(first)
            receiver.receive(.hashField(field, value: try string(second), expiresAt: nil))
            left -= 1
            commit(.hash(left, .plain))
        }
        step = .keyEnd
    }

    private mutating func readExpiringHash(_ count: UInt64, _ form: RDBStep.HashForm) throws(Interruption) {
        var left = count
        while left > 0 {
            var expiresAt = form == .valkey ? nil : try fieldExpiry(form)
            let field = try string(first)
            let value = try string(second)
            if form == .valkey { expiresAt = try valkeyFieldExpiry() }
            receiver.receive(.hashField(field, value: value, expiresAt: expiresAt))
            left -= 1
            commit(.hash(left, form))
        }
        step = .keyEnd
    }

    mutating func commit(_ next: RDBStep) {
        step = next
        context.committed = input.position
    }

    private mutating func binaryScore() throws(Interruption) -> Double {
        let score = Double(bitPattern: try input.littleEndian(UInt64.self))
        guard !score.isNaN else { throw .malformed("a score that is a number") }
        return score
    }

    /// A length and text, or one of three lengths that stand for what has no digits.
    private mutating func textScore() throws(Interruption) -> Double {
        switch try input.byte() {
        case 255: -.infinity
        case 254: .infinity
        case 253: throw .malformed("a score that is a number")
        case let length: try parsedScore(try input.take(Int(length)))
        }
    }

    private mutating func fieldExpiry(_ form: RDBStep.HashForm) throws(Interruption) -> Int64? {
        let written = try input.length()
        guard written != 0 else { return nil }
        let base = form == .relative ? UInt64(bitPattern: context.earliestExpiry) &- 1 : 0
        return try plausibleExpiry(Int64(bitPattern: written &+ base))
    }

    private mutating func valkeyFieldExpiry() throws(Interruption) -> Int64? {
        let written = try input.littleEndian(Int64.self)
        return written == -1 ? nil : written
    }

    /// Redis keeps 48 bits of milliseconds for a field.
    private func plausibleExpiry(_ milliseconds: Int64) throws(Interruption) -> Int64 {
        guard (0..<1 << 48).contains(milliseconds) else { throw .malformed("a field's expiry, found \(milliseconds)") }
        return milliseconds
    }
}

// MARK: Arrays

extension RDBReader {
    private mutating func beginArray() throws(Interruption) {
        let count = try input.length()
        let hasCursor = try input.length()
        guard hasCursor <= 1 else { throw .malformed("0 or 1 before the elements of an array, found \(hasCursor)") }
        if hasCursor == 1 { _ = try input.length() }
        step = .array(count)
    }

    private mutating func readArray(_ count: UInt64) throws(Interruption) {
        var left = count
        while left > 0 {
            let index = try input.length()
            try readArrayElement(index, tag: try input.length())
            left -= 1
            commit(.array(left))
        }
        step = .keyEnd
    }

    private mutating func readArrayElement(_ index: UInt64, tag: UInt64) throws(Interruption) {
        switch tag {
        case 0, 3: receiver.receive(.arrayElement(index: index, try string(first)))
        case 1: receiver.receive(.arrayElement(index: index, first.digits(try input.littleEndian(Int64.self))))
        case 2: receiver.receive(.arrayNumber(index: index, Double(bitPattern: try input.littleEndian(UInt64.self))))
        default: throw .unknown(.arrayTag, code: tag)
        }
    }
}
