import BackupModel
import RDBFormat

/// What a selection comes to in a file: asked before a server is touched.
struct KeyScan: Sendable {
    /// A server takes no argument longer than this.
    let longestArgument: Int64
    private(set) var keys: Int64 = 0
    /// Of their values, as they stand in the file.
    private(set) var bytes: Int64 = 0
    private(set) var moduleKeys: UInt64 = 0
    /// Nil where no key was found.
    private(set) var highestDatabase: UInt64?
    private(set) var tooLong = KeyNames()
    /// Their values refer to something elsewhere in the file.
    private(set) var dependent = KeyNames()

    /// - Throws: `BackupError` with `.verificationFailed` when the file is damaged.
    static func run(_ file: RDBFile, _ selection: KeySelection, longestArgument: Int64) async throws -> KeyScan {
        var scan = KeyScan(longestArgument: longestArgument)
        var cutter = KeyLengths(selection)
        var pieces = try await file.pieces()
        while let piece = try await pieces.next() {
            try Task.checkCancellation()
            do { try cutter.read(piece) { scan.add($0, bytes: $1) } } catch { throw file.damaged(error) }
        }
        return scan
    }

    mutating func add(_ key: KeyHeader, bytes: Int64) {
        keys += 1
        self.bytes += bytes
        if key.type.kind == .module { moduleKeys += 1 }
        highestDatabase = max(highestDatabase ?? 0, key.database)
        if bytes + Int64(DumpPayload.overhead) > longestArgument { tooLong.add(key.name) }
        if !key.type.isSelfContained { dependent.add(key.name) }
    }
}

/// Some names out of many, for messages.
package struct KeyNames: Sendable, Equatable, Codable, CustomStringConvertible {
    private static let kept = 5
    package private(set) var count = 0
    package private(set) var first: [String] = []

    package var isEmpty: Bool { count == 0 }

    mutating func add(_ name: [UInt8]) {
        count += 1
        if first.count < Self.kept { first.append(String(decoding: name.prefix(200), as: UTF8.self)) }
    }

    mutating func add(_ other: KeyNames) {
        count += other.count
        first += other.first.prefix(Self.kept - first.count)
    }

    package var description: String {
        let more = count > first.count ? " and \(count - first.count) more" : ""
        return first.map(\.debugDescription).joined(separator: ", ") + more
    }
}
