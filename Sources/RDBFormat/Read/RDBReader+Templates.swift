/// Hashes that share their fields (Redis 8.10): the fields stand in front, once, with a number; a hash has that number and its values.
extension RDBReader {
    mutating func beginTemplate() throws(Interruption) {
        let number = try input.length()
        let count = try input.length()
        guard context.templates[number] == nil else { throw .malformed("each template once, found number \(number) again") }
        context.templateNumber = number
        context.templates[number] = []
        step = .templateFields(count)
    }

    mutating func readTemplateField(_ count: UInt64) throws(Interruption) {
        guard count > 0 else { return step = .record }
        let field = try string(first)
        // All templates together are one element, as far as memory goes.
        _ = try checked(UInt64(context.templateBytes + field.count + 64))
        context.templateBytes += field.count + 64
        context.templates[context.templateNumber]?.append(Array(field))
        step = .templateFields(count - 1)
    }

    mutating func beginTemplateArray() throws(Interruption) {
        context.templateNumber = try input.length()
        _ = try template()
        step = .templateArray(field: 0)
    }

    mutating func readTemplateArray(from start: Int) throws(Interruption) {
        let fields = try template()
        for index in start..<fields.count {
            let value = try string(first)
            fields[index].withUnsafeBytes { receiver.receive(.hashField($0, value: value, expiresAt: nil)) }
            commit(.templateArray(field: index + 1))
        }
        step = .keyEnd
    }

    /// The number, then the values in the order of the fields.
    mutating func giveTemplateHash(_ elements: consuming Listpack) throws(Interruption) {
        guard let number = try elements.next() else { throw .malformed("the number of a template") }
        context.templateNumber = UInt64(bitPattern: try number.integer("the number of a template"))
        for field in try template() {
            guard let value = try elements.next() else { throw .malformed("a value for each field of the template") }
            let bytes = value.bytes(in: second)
            field.withUnsafeBytes { receiver.receive(.hashField($0, value: bytes, expiresAt: nil)) }
        }
        guard try elements.next() == nil else { throw .malformed("no more values than the template has fields") }
    }

    private func template() throws(Interruption) -> [[UInt8]] {
        guard let fields = context.templates[context.templateNumber] else {
            throw .malformed("a template that was defined, found number \(context.templateNumber)")
        }
        return fields
    }
}
