import DumpFormat

/// Encodes rows as one segment and gives its bytes.
func segment(
    _ rows: [[UInt8]], _ container: Container = .gzip, statement: String = "COPY t (a) FROM stdin;", memberBytes: Int = 1 << 20
) throws -> (members: [[UInt8]], summary: SegmentSummary) {
    var encoder = SegmentEncoder(container: container, copyStatement: statement, memberBytes: memberBytes)
    var members: [[UInt8]] = []
    for row in rows { members += try row.withUnsafeBytes { try encoder.append(row: $0) } }
    let end = try encoder.finish()
    return (members + end.members, end.summary)
}

func segment(
    _ rows: [String], _ container: Container = .gzip, statement: String = "COPY t (a) FROM stdin;", memberBytes: Int = 1 << 20
) throws -> (members: [[UInt8]], summary: SegmentSummary) {
    try segment(rows.map { Array($0.utf8) }, container, statement: statement, memberBytes: memberBytes)
}

/// The text of compressed bytes, by the expander for any such file.
func text(of bytes: [UInt8], _ container: Container) throws -> [UInt8] {
    var text: [UInt8] = []
    let expander = container.streamExpander()
    try bytes.withUnsafeBytes { try expander.expand($0) { text.append(contentsOf: $0) } }
    try expander.finish()
    return text
}

/// Numbers that are random and the same in every run (SplitMix64).
struct SeededNumbers: RandomNumberGenerator {
    var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = (state ^ (state >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
