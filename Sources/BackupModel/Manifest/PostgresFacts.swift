/// The server a recovery point was taken from.
package struct PostgresFacts: Sendable, Equatable {
    /// As the server prints it: `17.11`.
    package var serverVersion: String
    /// `pg_control_system().system_identifier`: the same for a primary and its standbys.
    package var systemIdentifier: String
    package var isStandby: Bool
    /// One per database of the run, as a snapshot cannot span databases; none for pg_dump's own archives.
    package var snapshots: [DatabaseSnapshot]
    package var unknown = UnknownFields()

    package init(serverVersion: String, systemIdentifier: String, isStandby: Bool, snapshots: [DatabaseSnapshot]) {
        self.serverVersion = serverVersion
        self.systemIdentifier = systemIdentifier
        self.isStandby = isStandby
        self.snapshots = snapshots
    }
}

/// The instant one database was read at.
package struct DatabaseSnapshot: Sendable, Equatable {
    package var database: String
    /// The exported snapshot's name, or `txid_current_snapshot()` where it could not be exported.
    package var snapshot: String
    /// Write-ahead log position beside the snapshot: `0/16B3748`.
    package var lsn: String
    package var takenAt: Instant
    package var unknown = UnknownFields()

    package init(database: String, snapshot: String, lsn: String, takenAt: Instant) {
        self.database = database
        self.snapshot = snapshot
        self.lsn = lsn
        self.takenAt = takenAt
    }
}

extension PostgresFacts: Codable {
    private enum CodingKeys: String, CodingKey {
        case serverVersion, systemIdentifier, isStandby, snapshots
    }

    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        serverVersion = try fields.decode(String.self, forKey: .serverVersion)
        systemIdentifier = try fields.decode(String.self, forKey: .systemIdentifier)
        isStandby = try fields.decode(Bool.self, forKey: .isStandby)
        snapshots = try fields.decode([DatabaseSnapshot].self, forKey: .snapshots)
        unknown = try UnknownFields(besides: CodingKeys.self, in: decoder)
    }

    package func encode(to encoder: any Encoder) throws {
        try unknown.encode(to: encoder)
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(serverVersion, forKey: .serverVersion)
        try fields.encode(systemIdentifier, forKey: .systemIdentifier)
        try fields.encode(isStandby, forKey: .isStandby)
        try fields.encode(snapshots, forKey: .snapshots)
    }
}

extension DatabaseSnapshot: Codable {
    private enum CodingKeys: String, CodingKey {
        case database, snapshot, lsn, takenAt
    }

    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        database = try fields.decode(String.self, forKey: .database)
        snapshot = try fields.decode(String.self, forKey: .snapshot)
        lsn = try fields.decode(String.self, forKey: .lsn)
        takenAt = try fields.decode(Instant.self, forKey: .takenAt)
        unknown = try UnknownFields(besides: CodingKeys.self, in: decoder)
    }

    package func encode(to encoder: any Encoder) throws {
        try unknown.encode(to: encoder)
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(database, forKey: .database)
        try fields.encode(snapshot, forKey: .snapshot)
        try fields.encode(lsn, forKey: .lsn)
        try fields.encode(takenAt, forKey: .takenAt)
    }
}
