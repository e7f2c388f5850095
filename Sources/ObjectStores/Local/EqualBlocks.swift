import Glibc

/// Which whole blocks of two pieces of bytes are the same.
enum EqualBlocks {
    /// Blocks one after the other that are all the same in both, or all different.
    struct Stretch: Equatable {
        var range: Range<Int>
        var isEqual: Bool
    }

    /// What file systems share is made of blocks of this size nearly everywhere; where theirs are larger they refuse, and nothing is shared.
    static let blockBytes = 4096

    /// - Parameters:
    ///   - bytes: whole blocks.
    ///   - others: of the same length.
    static func stretches(_ bytes: [UInt8], _ others: [UInt8]) -> [Stretch] {
        bytes.withUnsafeBytes { bytes in
            others.withUnsafeBytes { others in
                stride(from: 0, to: min(bytes.count, others.count), by: blockBytes).reduce(into: [Stretch]()) { stretches, place in
                    let block = place..<min(place + blockBytes, bytes.count)
                    add(block, isEqual: isEqual(bytes, others, block), to: &stretches)
                }
            }
        }
    }

    private static func isEqual(_ bytes: UnsafeRawBufferPointer, _ others: UnsafeRawBufferPointer, _ block: Range<Int>) -> Bool {
        guard let one = bytes.baseAddress, let other = others.baseAddress else { return false }
        return memcmp(one + block.lowerBound, other + block.lowerBound, block.count) == 0
    }

    private static func add(_ block: Range<Int>, isEqual: Bool, to stretches: inout [Stretch]) {
        guard let last = stretches.last, last.isEqual == isEqual else {
            stretches.append(Stretch(range: block, isEqual: isEqual))
            return
        }
        stretches[stretches.count - 1].range = last.range.lowerBound..<block.upperBound
    }
}
