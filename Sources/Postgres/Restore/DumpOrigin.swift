/// What is known of where a foreign dump came from: of an archive its own head tells the database and the release, a manifest tells more.
package struct DumpOrigin: Sendable, Equatable {
    package var database: String?
    /// UTC, ISO 8601.
    package var takenAt: String?
    /// Of the server: `17.11`.
    package var serverVersion: String?
    /// Whether a manifest of this system tells so.
    package var isOurs: Bool

    package init(database: String? = nil, takenAt: String? = nil, serverVersion: String? = nil, isOurs: Bool = false) {
        self.database = database
        self.takenAt = takenAt
        self.serverVersion = serverVersion
        self.isOurs = isOurs
    }

    /// What this one does not say, as the other has it.
    package func completed(by other: DumpOrigin) -> DumpOrigin {
        DumpOrigin(
            database: database ?? other.database, takenAt: takenAt ?? other.takenAt, serverVersion: serverVersion ?? other.serverVersion,
            isOurs: isOurs || other.isOurs)
    }
}

extension DumpOrigin {
    /// Reads the head of a custom archive (PostgreSQL's `pg_backup_archiver.c`, `WriteHead`); nil for one that is laid out otherwise. The
    /// moment in it has no time zone and is left alone.
    package init?(archiveBeginning head: [UInt8]) {
        var reader = ArchiveHead(rest: head.dropFirst(5))
        guard head.starts(with: "PGDMP".utf8), let version = reader.version(), let integerBytes = reader.byte(), reader.byte() != nil else {
            return nil
        }
        reader.integerBytes = Int(integerBytes)
        // Custom is 1; behind it the method of compression, and seven numbers that are the moment.
        guard reader.byte() == 1, version >= (1, 15) ? reader.byte() != nil : reader.integer() != nil else { return nil }
        for _ in 0..<7 where reader.integer() == nil { return nil }
        guard let database = reader.text(), let server = reader.text() else { return nil }
        // Debian adds its own version in brackets.
        self.init(database: database, serverVersion: server.split(separator: " ").first.map(String.init))
    }
}

extension DumpOrigin {
    /// Reads what pg_dump says of the server at the top of a script; nil where nothing does.
    package init?(scriptBeginning text: [UInt8]) {
        let head = String(decoding: text.prefix(4096), as: UTF8.self)
        guard let match = head.firstMatch(of: /-- Dumped from database version (\d+(?:\.\d+)*)/) else { return nil }
        self.init(serverVersion: String(match.1))
    }
}

/// Reads the head's bytes one after the other; nil at their end.
private struct ArchiveHead {
    var rest: ArraySlice<UInt8>
    var integerBytes = 4

    mutating func byte() -> UInt8? { rest.popFirst() }

    mutating func version() -> (UInt8, UInt8)? {
        guard let major = byte(), let minor = byte(), byte() != nil else { return nil }
        return (major, minor)
    }

    /// A sign, then the lowest byte first.
    mutating func integer() -> Int? {
        guard let sign = byte(), rest.count >= integerBytes, integerBytes <= 4 else { return nil }
        let value = rest.prefix(integerBytes).reversed().reduce(0) { $0 << 8 | Int($1) }
        rest = rest.dropFirst(integerBytes)
        return sign == 0 ? value : -value
    }

    /// Its length, then its bytes; a length below zero stands for nothing.
    mutating func text() -> String? {
        guard let count = integer(), (1...1024).contains(count), rest.count >= count else { return nil }
        defer { rest = rest.dropFirst(count) }
        return String(validating: rest.prefix(count), as: UTF8.self)
    }
}
