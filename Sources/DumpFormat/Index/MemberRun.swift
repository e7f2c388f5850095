/// Consecutive members that belong together: a segment of a table or a part of the script.
package protocol MemberRun: Sendable {
    /// Where the first member begins, in bytes from the start of the file.
    var offset: Int64 { get }
    var compressedBytes: Int64 { get }
    var plainBytes: Int64 { get }
    var members: Int { get }
    /// XXH3-128 of the compressed bytes, hex.
    var checksum: String { get }
}

extension DumpIndex.Segment: MemberRun {}
extension DumpIndex.ScriptPart: MemberRun {}

extension DumpIndex {
    /// Every run that has bytes in the file, in the order of the file.
    package var runs: [any MemberRun] {
        var runs: [any MemberRun] = scripts
        for table in tables { runs += table.segments as [any MemberRun] }
        return runs.filter { $0.compressedBytes != 0 }.sorted { $0.offset < $1.offset }
    }
}
