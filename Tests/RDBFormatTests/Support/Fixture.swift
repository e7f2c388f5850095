import Foundation
import RDBFormat
import Testing

/// Files of librdb's own tests (its licence is beside them), and files that real servers wrote after the commands beside them.
struct Fixture {
    static func bytes(_ name: String, of folder: String = "librdb") throws -> [UInt8] {
        let url = try #require(Bundle.module.url(forResource: "Fixtures/\(folder)/\(name)", withExtension: nil))
        return [UInt8](try Data(contentsOf: url))
    }

    static var rdbNames: [String] {
        get throws {
            let folder = try #require(Bundle.module.url(forResource: "Fixtures/librdb", withExtension: nil))
            return try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".rdb") }.sorted()
        }
    }
}

extension RDBSurvey {
    mutating func read(_ bytes: [UInt8]) throws {
        try bytes.withUnsafeBytes { try read($0) }
    }
}

/// The summary of a file, given to the survey in pieces.
func survey(_ bytes: [UInt8], pieces: Int = .max, elementLimit: Int = 1 << 30) throws -> RDBSummary {
    var survey = RDBSurvey(elementLimit: elementLimit)
    for start in stride(from: 0, to: bytes.count, by: min(pieces, max(bytes.count, 1))) {
        try survey.read(Array(bytes[start...].prefix(pieces)))
    }
    return try survey.finish()
}

/// The reason a file is refused for.
func refusal(of bytes: [UInt8], pieces: Int = .max, elementLimit: Int = 1 << 30) -> RDBFormatError? {
    do {
        _ = try survey(bytes, pieces: pieces, elementLimit: elementLimit)
        return nil
    } catch {
        return error as? RDBFormatError
    }
}

/// What a receiver was told about a file.
func receive<Receiver: RDBReceiver>(_ bytes: [UInt8], pieces: [Int] = [.max], into receiver: Receiver) throws -> Receiver {
    var reader = RDBReader(receiver: receiver)
    var start = 0
    var turn = 0
    while start < bytes.count {
        let piece = Array(bytes[start...].prefix(pieces[turn % pieces.count]))
        try piece.withUnsafeBytes { try reader.read($0) }
        start += piece.count
        turn += 1
    }
    _ = try reader.finish()
    return reader.receiver
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
