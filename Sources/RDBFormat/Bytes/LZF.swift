/// The compression of strings in RDB files: LibLZF, without any header.
///
/// A control byte below 32 is followed by that many literals plus one. Otherwise its upper three bits are a length, and its lower five with the
/// next byte a distance back; length 7 takes another byte before.
enum LZF {
    /// What one byte of a back reference's three can stand for, so that a declared length can be judged before memory is taken for it.
    static let maximumRatio = 88

    /// Whether a text of that length can have been compressed to that many bytes: a server stores what did not shrink as it is. So nobody waits
    /// for the gigabytes that a damaged length promises.
    static func isPossible(compressed: Int, text: Int) -> Bool {
        text > 0 && compressed > 0 && text / maximumRatio <= compressed && compressed / 2 <= text
    }

    static let maximumDistance = 8_192
    /// The longest run of a back reference.
    static let maximumRun = 264

    /// False unless `compressed` expands to exactly the size of `text`.
    static func expand(_ compressed: UnsafeRawBufferPointer, into text: UnsafeMutableRawBufferPointer) -> Bool {
        guard let output = text.baseAddress, let input = compressed.baseAddress else { return text.isEmpty && compressed.isEmpty }
        var read = 0
        var written = 0
        while read < compressed.count {
            let control = Int(input.load(fromByteOffset: read, as: UInt8.self))
            read += 1
            if control < 32 {
                let run = control + 1
                guard run <= compressed.count - read, run <= text.count - written else { return false }
                if compressed.count - read >= blockBytes, text.count - written >= blockBytes {
                    copyBlock(from: input + read, to: output + written)
                } else {
                    (output + written).copyMemory(from: input + read, byteCount: run)
                }
                read += run
                written += run
            } else {
                guard let reference = BackReference(control, in: compressed, at: &read),
                    reference.distance <= written, reference.run <= text.count - written
                else { return false }
                if reference.isWithinBlock, text.count - written >= blockBytes {
                    copyBlock(from: output + written - reference.distance, to: output + written)
                } else {
                    repeatBytes(reference, at: output + written)
                }
                written += reference.run
            }
        }
        return written == text.count
    }

    /// Runs are short: copying this many bytes, some of them in vain, is faster than asking how many it should be. The longest run of literals.
    private static let blockBytes = 32

    private static func copyBlock(from source: UnsafeRawPointer, to target: UnsafeMutableRawPointer) {
        target.storeBytes(of: source.loadUnaligned(as: SIMD32<UInt8>.self), as: SIMD32<UInt8>.self)
    }

    struct BackReference {
        var distance: Int
        var run: Int

        /// Neither long nor into what it writes itself.
        var isWithinBlock: Bool { run <= blockBytes && distance >= blockBytes }

        init(distance: Int, run: Int) {
            self.distance = distance
            self.run = run
        }

        /// Nil when the bytes end inside of the reference.
        init?(_ control: Int, in compressed: UnsafeRawBufferPointer, at read: inout Int) {
            var length = control >> 5
            guard compressed.count - read >= (length == 7 ? 2 : 1) else { return nil }
            if length == 7 {
                length += Int(compressed[read])
                read += 1
            }
            self.init(distance: (control & 0x1F) << 8 + Int(compressed[read]) + 1, run: length + 2)
            read += 1
        }
    }

    /// The run may reach into what it writes itself: that is how one byte becomes many.
    static func repeatBytes(_ reference: BackReference, at output: UnsafeMutableRawPointer) {
        let source = output - reference.distance
        if reference.distance >= reference.run {
            output.copyMemory(from: source, byteCount: reference.run)
        } else if reference.distance == 1 {
            output.initializeMemory(as: UInt8.self, repeating: source.load(as: UInt8.self), count: reference.run)
        } else {
            for index in 0..<reference.run {
                output.storeBytes(of: source.load(fromByteOffset: index, as: UInt8.self), toByteOffset: index, as: UInt8.self)
            }
        }
    }
}
