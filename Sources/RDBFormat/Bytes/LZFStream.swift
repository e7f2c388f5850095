/// Expands one long LZF string piece by piece, so that it is never in memory as a whole.
///
/// References reach at most 8 KiB back: that much of the text is kept, and everything before it is given away.
final class LZFStream {
    static let roomBytes = 128 * 1024

    // Unsafe for the same reason as `Scratch`: the text is handed out as pointers into this memory, valid until the next call.
    private let room: UnsafeMutableRawBufferPointer
    private var written = 0
    private var compressedLeft: Int
    private var textLeft: Int

    init(compressedBytes: Int, textBytes: Int) {
        room = .allocate(byteCount: Self.roomBytes, alignment: 16)
        compressedLeft = compressedBytes
        textLeft = textBytes
    }

    deinit {
        room.deallocate()
    }

    var isFinished: Bool { compressedLeft == 0 && textLeft == 0 }

    /// The text of the next few instructions, at least one.
    ///
    /// - Throws: `needsMore` when not even one instruction is at hand, with `input` where it was.
    func next(from input: inout ByteInput) throws(Interruption) -> UnsafeRawBufferPointer {
        keepHistory()
        let start = written
        while compressedLeft > 0, Self.roomBytes - written >= LZF.maximumRun {
            let mark = input.position
            do throws(Interruption) {
                try expandInstruction(from: &input)
            } catch {
                input.rewind(to: mark)
                guard case .needsMore = error, written > start else { throw error }
                break
            }
        }
        guard written > start else { throw .malformed("\(textLeft) more bytes of compressed text") }
        return UnsafeRawBufferPointer(rebasing: room[start..<written])
    }

    private func keepHistory() {
        guard written > Self.roomBytes / 2 else { return }
        let history = UnsafeRawBufferPointer(rebasing: room[(written - LZF.maximumDistance)..<written])
        room.copyMemory(from: history)
        written = LZF.maximumDistance
    }

    private func expandInstruction(from input: inout ByteInput) throws(Interruption) {
        let begin = input.position
        let control = Int(try input.byte())
        let run = control < 32 ? try copyLiterals(control + 1, from: &input) : try copyReference(control, from: &input)
        let consumed = input.position - begin
        guard consumed <= compressedLeft else { throw .malformed("compressed text that ends with its length") }
        compressedLeft -= consumed
        textLeft -= run
        written += run
    }

    private func copyLiterals(_ run: Int, from input: inout ByteInput) throws(Interruption) -> Int {
        let literals = try input.take(run)
        guard run <= textLeft else { throw .malformed("compressed text of its declared length") }
        UnsafeMutableRawBufferPointer(rebasing: room[written...]).copyMemory(from: literals)
        return run
    }

    private func copyReference(_ control: Int, from input: inout ByteInput) throws(Interruption) -> Int {
        var length = control >> 5
        if length == 7 { length += Int(try input.byte()) }
        let distance = (control & 0x1F) << 8 + Int(try input.byte()) + 1
        let reference = LZF.BackReference(distance: distance, run: length + 2)
        guard let base = room.baseAddress, reference.run <= textLeft, distance <= written else {
            throw .malformed("a reference into the text before it")
        }
        LZF.repeatBytes(reference, at: base + written)
        return reference.run
    }
}
