import RDBFormat

/// A key of a file with the bytes RESTORE needs.
struct CutKey {
    let header: KeyHeader
    /// As in the file, without the type.
    let value: ArraySlice<UInt8>
}

/// What stands in front of a value.
struct KeyHeader {
    let database: UInt64
    let name: [UInt8]
    let type: RDBValueType
    /// Unix time in milliseconds.
    let expiresAt: Int64?
}

/// Cuts the values of selected keys out of an RDB file as it passes by. Holds the bytes of one value, and no others for long.
struct KeyCutter: ~Copyable {
    private var reader: RDBReader<KeyNotes>
    /// Bytes of the file from `windowStart` on.
    private var window: [UInt8] = []
    private var windowStart: Int64 = 0

    init(_ selection: KeySelection) {
        reader = RDBReader(receiver: KeyNotes(selection: selection))
    }

    /// Takes the next bytes of the file and hands over the selected keys whose end was among them.
    mutating func read(_ piece: [UInt8]) throws -> [CutKey] {
        reader.receiver.readFrom = reader.consumedBytes
        window.append(contentsOf: piece)
        try piece.withUnsafeBytes { try reader.read($0) }
        let cut = reader.receiver.takeFinished().map { note in
            CutKey(
                header: note.header, value: window[(Int(note.value.lowerBound - windowStart))..<Int(note.value.upperBound - windowStart)])
        }
        forget(upTo: reader.receiver.neededFrom ?? reader.consumedBytes)
        return cut
    }

    private mutating func forget(upTo offset: Int64) {
        window.removeFirst(Int(offset - windowStart))
        windowStart = offset
    }
}

/// Notes where the values of selected keys stand.
private struct KeyNotes: RDBReceiver {
    struct Finished {
        let header: KeyHeader
        let value: Range<Int64>
    }

    let selection: KeySelection
    /// Everything before it had been received when the piece that is being read began.
    var readFrom: Int64 = 0

    private var database: UInt64 = 0
    private var open: KeyHeader?
    private var openFrom: Int64 = 0
    private var finished: [Finished] = []

    init(selection: KeySelection) {
        self.selection = selection
    }

    /// Where the open key's value begins at the earliest.
    var neededFrom: Int64? { open == nil ? nil : openFrom }

    mutating func takeFinished() -> [Finished] {
        defer { finished.removeAll(keepingCapacity: true) }
        return finished
    }

    mutating func receive(_ event: RDBEvent) {
        switch event {
        case .database(let number): database = number
        case .key(let key): begin(key)
        case .keyEnd(let end): self.end(end)
        default: break
        }
    }

    private mutating func begin(_ key: RDBKey) {
        guard selection.includes(key.name, in: database) else { return }
        open = KeyHeader(database: database, name: Array(key.name), type: key.type, expiresAt: key.expiresAt)
        openFrom = readFrom
    }

    private mutating func end(_ end: RDBKeyEnd) {
        guard let key = open else { return }
        finished.append(Finished(header: key, value: end.value))
        open = nil
    }
}

/// Measures the values of selected keys without holding any.
struct KeyLengths: ~Copyable {
    private var reader: RDBReader<KeyNotes>

    init(_ selection: KeySelection) {
        reader = RDBReader(receiver: KeyNotes(selection: selection))
    }

    mutating func read(_ piece: [UInt8], _ take: (KeyHeader, Int64) -> Void) throws {
        try piece.withUnsafeBytes { try reader.read($0) }
        for note in reader.receiver.takeFinished() { take(note.header, note.value.upperBound - note.value.lowerBound) }
    }
}
