/// Takes what a reader finds, in the order of the file.
package protocol RDBReceiver {
    /// The bytes inside of an event are borrowed: copy what has to outlive the call.
    mutating func receive(_ event: RDBEvent)
}

/// One thing found in an RDB file.
///
/// A key is a `key`, then events of its value, then a `keyEnd`. What stands between does not depend on the encoding, except for the cuts
/// between `stringPart`s, which also depend on how the file was cut when it was given to the reader.
package enum RDBEvent {
    case begin(RDBHeader)
    /// A field about the file: `redis-ver`, `ctime`, `repl-id`…
    case auxiliary(name: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer)
    /// The keys that follow belong to this database.
    case database(UInt64)
    /// How many keys the server expected to write for this database: a hint, not a count.
    case sizeHint(keys: UInt64, expiring: UInt64)
    case slot(RDBSlot)
    /// Valkey: slots being imported when the file was written. Ranges follow.
    case slotImport(job: UnsafeRawBufferPointer)
    case slotImportRange(first: UInt64, last: UInt64)
    /// A library of functions: its source text.
    case function(UnsafeRawBufferPointer)
    /// Functions as release candidates of Redis 7.0 wrote them, part by part: name, engine, description (if any), code.
    case preReleaseFunctionPart(PreReleaseFunctionPart, UnsafeRawBufferPointer)
    /// What a module keeps outside of keys. `moduleValue`s and a `moduleEnd` follow.
    case moduleAuxiliary(RDBModule, when: UInt64)
    /// What a module attached to the next key: the class of it. `moduleValue`s and a `moduleEnd` follow.
    case keyMetadata(class: UInt32)

    case key(RDBKey)
    /// The next part of a string. Small strings come in one part; an empty string is one empty part.
    case stringPart(UnsafeRawBufferPointer, isLast: Bool)
    case listElement(UnsafeRawBufferPointer)
    case setMember(UnsafeRawBufferPointer)
    case sortedSetMember(UnsafeRawBufferPointer, score: Double)
    /// `expiresAt`: Unix time in milliseconds.
    case hashField(UnsafeRawBufferPointer, value: UnsafeRawBufferPointer, expiresAt: Int64?)
    case arrayElement(index: UInt64, UnsafeRawBufferPointer)
    case arrayNumber(index: UInt64, Double)
    case stream(RDBStreamEvent)
    /// The value of a module's type. `moduleValue`s and a `moduleEnd` follow.
    case module(RDBModule)
    case moduleValue(RDBModuleValue)
    case moduleEnd
    case keyEnd(RDBKeyEnd)

    /// The end marker was reached; what remains is the checksum.
    case end
    /// From here on nothing is known about the file but its bytes. A key that was begun is not ended.
    case notUnderstood(RDBUnknown)
}

extension RDBEvent {
    package enum PreReleaseFunctionPart: UInt8, Sendable { case name, engine, description, code }
}

package struct RDBKey {
    package var name: UnsafeRawBufferPointer
    package var type: RDBValueType
    /// Unix time in milliseconds. Files with seconds are converted.
    package var expiresAt: Int64?
    /// Seconds since the last access, when the server's eviction policy is LRU.
    package var idle: UInt64?
    /// The counter of accesses, when the policy is LFU.
    package var frequency: UInt8?
}

/// Where a key's value stands in the file.
package struct RDBKeyEnd: Sendable, Equatable {
    package var type: RDBValueType
    /// The offset of the byte with the type; the key's name stands between it and the value.
    package var typeOffset: Int64
    /// The value alone, without type and name. With `DumpPayload` these bytes can be given to RESTORE if `type.isSelfContained`; what
    /// modules attached to the key (`RDBEvent.keyMetadata`) is not in it.
    package var value: Range<Int64>
}

/// The number of keys in a slot of a cluster.
package struct RDBSlot: Sendable, Equatable, Codable {
    package var slot: UInt64
    package var keys: UInt64
    package var expiring: UInt64

    package init(slot: UInt64, keys: UInt64, expiring: UInt64) {
        self.slot = slot
        self.keys = keys
        self.expiring = expiring
    }
}

/// Something this reader has no definition of.
package struct RDBUnknown: Sendable, Equatable, Codable {
    package enum Subject: String, Sendable, Codable {
        /// The version in the header; `code` is the version.
        case version
        /// The byte where an opcode or a type should stand.
        case opcode
        case stringEncoding, quicklistContainer, moduleOpcode, arrayTag
    }

    package var subject: Subject
    package var code: UInt64
    /// Where what is not understood begins; inside of a value, where its element begins.
    package var offset: Int64

    package init(_ subject: Subject, code: UInt64, offset: Int64) {
        self.subject = subject
        self.code = code
        self.offset = offset
    }
}

extension RDBUnknown: CustomStringConvertible {
    package var description: String {
        let what =
            switch subject {
            case .version: "RDB version"
            case .opcode: "opcode or type"
            case .stringEncoding: "encoding of a string"
            case .quicklistContainer: "container of a list's node"
            case .moduleOpcode: "opcode of a module"
            case .arrayTag: "tag of an array's element"
            }
        return "\(what) \(code) at offset \(offset) is not known to this version"
    }
}
