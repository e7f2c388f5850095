/// The level above values: opcodes, and the beginning and end of keys.
extension RDBReader {
    mutating func advance() throws(Interruption) {
        switch step {
        case .header: try readHeader()
        case .record: try readRecord()
        case .metadata(let classes): try readMetadata(classes)
        case .slotRanges(let count): try readSlotRange(count)
        case .preReleaseFunction(let part): try readPreReleaseFunction(part)
        case .templateFields(let count): try readTemplateField(count)
        case .moduleValues(let next): try readModuleValues(then: next)
        case .keyEnd: endKey()
        case .end: throw .failed(.trailingBytes)
        case .notUnderstood: _ = input.takeAvailable(input.available)
        case .stream(let part): try readStream(part)
        default: try readValue()
        }
    }

    private mutating func readHeader() throws(Interruption) {
        guard let header = RDBHeader(try input.take(RDBHeader.byteCount)) else {
            input.rewind(to: 0)
            throw .failed(.notRDB)
        }
        context.header = header
        receiver.receive(.begin(header))
        context.committed = input.position
        guard header.isUnderstood else { throw .unknown(.version, code: UInt64(header.version)) }
        step = .record
    }

    private mutating func readRecord() throws(Interruption) {
        let typeOffset = input.offset
        let code = try input.byte()
        if let type = RDBValueType(byte: code, dialect: dialect) {
            try beginKey(type, at: typeOffset)
        } else {
            try readOpcode(code)
        }
    }

    var dialect: RDBHeader.Dialect { context.header?.dialect ?? .redis }

    private mutating func readOpcode(_ code: UInt8) throws(Interruption) {
        switch code {
        case 255: try readEndMarker()
        case 254: receiver.receive(.database(try databaseNumber()))
        case 253: context.expiresAt = Int64(try input.littleEndian(Int32.self)) * 1_000
        case 252: context.expiresAt = try input.littleEndian(Int64.self)
        case 251: receiver.receive(.sizeHint(keys: try input.length(), expiring: try input.length()))
        case 250: receiver.receive(.auxiliary(name: try string(first), value: try string(second)))
        case 249: context.frequency = try input.byte()
        case 248: context.idle = try input.length()
        case 247: try beginModuleAuxiliary()
        case 246: step = .preReleaseFunction(.name)
        case 245: receiver.receive(.function(try string(first)))
        case 244: try readSlot()
        default: try readDialectOpcode(code)
        }
    }

    /// What only one of the two servers knows, or both under the same number.
    private mutating func readDialectOpcode(_ code: UInt8) throws(Interruption) {
        switch (dialect, code) {
        case (.redis, 243): step = .metadata(classes: try input.length())
        case (.valkey, 243): try beginSlotImport()
        case (.redis, 242): try beginTemplate()
        // Redis Enterprise: a time of last access in memory, and the slot of the next key. Nothing of it is data.
        case (.redis, 107), (.redis, 121): _ = try input.length()
        default: throw .unknown(.opcode, code: UInt64(code))
        }
    }

    private mutating func readEndMarker() throws(Interruption) {
        let trailer = (context.header?.hasChecksum ?? true) ? 8 : 0
        _ = try input.take(trailer)
        step = .end
        receiver.receive(.end)
    }

    private mutating func readSlot() throws(Interruption) {
        let slot = RDBSlot(slot: try input.length(), keys: try input.length(), expiring: try input.length())
        guard slot.slot < 16_384 else { throw .malformed("a slot below 16384, found \(slot.slot)") }
        receiver.receive(.slot(slot))
    }

    private mutating func beginSlotImport() throws(Interruption) {
        let job = try string(first)
        step = .slotRanges(try input.length())
        receiver.receive(.slotImport(job: job))
    }

    private mutating func readSlotRange(_ count: UInt64) throws(Interruption) {
        guard count > 0 else { return step = .record }
        receiver.receive(.slotImportRange(first: try input.length(), last: try input.length()))
        step = .slotRanges(count - 1)
    }

    private mutating func readPreReleaseFunction(_ part: RDBEvent.PreReleaseFunctionPart) throws(Interruption) {
        switch part {
        case .name: try givePreReleaseFunction(part, then: .preReleaseFunction(.engine))
        case .engine: try givePreReleaseFunction(part, then: .preReleaseFunction(.description))
        case .description:
            guard try input.length() != 0 else { return step = .preReleaseFunction(.code) }
            try givePreReleaseFunction(part, then: .preReleaseFunction(.code))
        case .code: try givePreReleaseFunction(part, then: .record)
        }
    }

    private mutating func givePreReleaseFunction(_ part: RDBEvent.PreReleaseFunctionPart, then next: RDBStep) throws(Interruption) {
        receiver.receive(.preReleaseFunctionPart(part, try string(first)))
        step = next
    }
}

// MARK: Keys

extension RDBReader {
    private mutating func beginKey(_ type: RDBValueType, at typeOffset: Int64) throws(Interruption) {
        let name = try string(first)
        context.type = type
        context.typeOffset = typeOffset
        context.valueOffset = input.offset
        context.keyName.keep(name)
        receiver.receive(
            .key(RDBKey(name: name, type: type, expiresAt: context.expiresAt, idle: context.idle, frequency: context.frequency)))
        context.clearKey()
        context.committed = input.position
        step = .value
        try beginValue()
    }

    private mutating func endKey() {
        first.shrink()
        second.shrink()
        receiver.receive(.keyEnd(RDBKeyEnd(type: context.type, typeOffset: context.typeOffset, value: context.valueOffset..<input.offset)))
        step = .record
    }
}

extension RDBReader {
    /// A server numbers its databases with an `int`.
    private mutating func databaseNumber() throws(Interruption) -> UInt64 {
        let number = try input.length()
        guard number <= UInt64(Int32.max) else { throw .malformed("the number of a database, found \(number)") }
        return number
    }
}
