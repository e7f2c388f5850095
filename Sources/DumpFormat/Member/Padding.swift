/// An empty member that fills the file up to the next alignment boundary.
enum Padding {
    /// Where aligned segments begin: at multiples of the block size that file systems share blocks by.
    static let alignment: Int64 = 4_096

    /// Where padding that begins at `position` ends: the first boundary that leaves room for an empty member; `position` itself when it is one.
    static func end(from position: Int64, container: Container) -> Int64 {
        guard position % alignment != 0 else { return position }
        let least = position + Int64(container.emptyMemberBytes(contentBytes: 0))
        return (least + alignment - 1) / alignment * alignment
    }

    /// The one allowed form of the padding from `position` on; empty when none is needed.
    static func bytes(from position: Int64, container: Container) -> [UInt8] {
        let count = Int(end(from: position, container: container) - position)
        guard count > 0 else { return [] }
        let zeros = [UInt8](repeating: 0, count: count - container.emptyMemberBytes(contentBytes: 0))
        return container.emptyMember(Subfield(id: .padding, content: zeros))
    }
}
