/// Where in the file the reader stands: what the next bytes are.
///
/// Numbers are how many of the elements of that kind are still to come.
enum RDBStep {
    case header
    case record
    case metadata(classes: UInt64)
    case slotRanges(UInt64)
    case preReleaseFunction(RDBEvent.PreReleaseFunctionPart)
    case templateFields(UInt64)
    case moduleValues(then: AfterModule)

    /// A value of which nothing has been read.
    case value
    /// Bytes still to come.
    case stringBody(Int)
    case compressedBody
    case list(UInt64)
    case set(UInt64)
    case sortedSet(UInt64, binary: Bool)
    case hash(UInt64, HashForm)
    case quicklist(UInt64)
    case array(UInt64)
    case templateArray(field: Int)
    case stream(RDBStreamStep)
    case keyEnd

    case end
    case notUnderstood

    /// How the fields of a hash that may expire are written.
    enum HashForm {
        case plain
        /// Before the field: 0, or the milliseconds after the earliest expiry plus one.
        case relative
        /// Before the field: 0, or Unix milliseconds.
        case absolute
        /// After the value, eight bytes: -1, or Unix milliseconds.
        case valkey
    }

    enum AfterModule {
        case record
        case keyEnd
        case metadata(classes: UInt64)
    }

    /// The file may end here, for all the structure knows.
    var isAtRest: Bool {
        switch self {
        case .end, .notUnderstood: true
        default: false
        }
    }

    /// Can be taken without another byte.
    var needsNoBytes: Bool {
        if case .keyEnd = self { true } else { false }
    }

    var isInsideKey: Bool {
        switch self {
        case .header, .record, .metadata, .slotRanges, .preReleaseFunction, .templateFields, .end, .notUnderstood: false
        case .moduleValues(.record), .moduleValues(.metadata): false
        default: true
        }
    }
}

enum RDBStreamStep {
    case nodes(UInt64)
    case state
    case groups
    case pending(UInt64)
    case consumers
    case consumerPending(UInt64)
    case released(UInt64)
    case idempotence
    case producers(UInt64)
    case producedMessages(UInt64, producers: UInt64)
    case idempotenceCounts
}

/// What the reader remembers beside its step.
struct RDBContext {
    var header: RDBHeader?
    /// In the current window, up to where everything has been given to the receiver.
    var committed = 0
    var unknown: RDBUnknown?

    // Said about the next key.
    var expiresAt: Int64?
    var idle: UInt64?
    var frequency: UInt8?

    // The current key.
    var type = RDBValueType.string
    var typeOffset: Int64 = 0
    var valueOffset: Int64 = 0
    let keyName = KeptName()
    var earliestExpiry: Int64 = 0
    var compressedBody: LZFStream?
    var groups: UInt64 = 0
    var consumers: UInt64 = 0

    /// Fields of the hash templates that keys refer to, by their number (Redis 8.10).
    var templates: [UInt64: [[UInt8]]] = [:]
    var templateBytes = 0
    var templateNumber: UInt64 = 0

    /// Of memory, but for what is always there.
    var bytes: Int { templateBytes + (compressedBody == nil ? 0 : LZFStream.roomBytes) }

    mutating func clearKey() {
        expiresAt = nil
        idle = nil
        frequency = nil
    }
}
