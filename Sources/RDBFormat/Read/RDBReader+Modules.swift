/// What modules write: numbered values up to an end mark, so that a reader without the module can follow.
extension RDBReader {
    mutating func beginModule() throws(Interruption) {
        receiver.receive(.module(RDBModule(id: try input.length())))
        step = .moduleValues(then: .keyEnd)
    }

    mutating func beginModuleAuxiliary() throws(Interruption) {
        let module = RDBModule(id: try input.length())
        let opcode = try input.length()
        guard opcode == 2 else { throw .malformed("when a module's data was written, found opcode \(opcode)") }
        receiver.receive(.moduleAuxiliary(module, when: try input.length()))
        step = .moduleValues(then: .record)
    }

    /// Redis since 8.6: classes of four bytes, each with values.
    mutating func readMetadata(_ classes: UInt64) throws(Interruption) {
        guard classes > 0 else { return step = .record }
        receiver.receive(.keyMetadata(class: try input.littleEndian(UInt32.self)))
        step = .moduleValues(then: .metadata(classes: classes - 1))
    }

    mutating func readModuleValues(then next: RDBStep.AfterModule) throws(Interruption) {
        while true {
            let opcode = try input.length()
            guard opcode != 0 else { break }
            receiver.receive(.moduleValue(try moduleValue(opcode)))
            context.committed = input.position
        }
        receiver.receive(.moduleEnd)
        switch next {
        case .record: step = .record
        case .keyEnd: step = .keyEnd
        case .metadata(let classes): step = .metadata(classes: classes)
        }
    }

    private mutating func moduleValue(_ opcode: UInt64) throws(Interruption) -> RDBModuleValue {
        switch opcode {
        case 1: .signed(Int64(bitPattern: try input.length()))
        case 2: .unsigned(try input.length())
        case 3: .float(Float(bitPattern: try input.littleEndian(UInt32.self)))
        case 4: .double(Double(bitPattern: try input.littleEndian(UInt64.self)))
        case 5: .string(try string(first))
        default: throw .unknown(.moduleOpcode, code: opcode)
        }
    }
}
