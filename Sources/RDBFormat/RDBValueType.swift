/// What a key holds, whatever its encoding.
package enum RDBKind: String, Sendable, CaseIterable, Codable {
    case string, list, set, sortedSet, hash, stream, module, array
}

/// The byte before a key: the kind of its value and how it is encoded. The numbers are those of Redis' `rdb.h`.
package enum RDBValueType: UInt8, Sendable, CaseIterable {
    case string = 0
    case list = 1
    case set = 2
    case sortedSet = 3
    case hash = 4
    case sortedSet2 = 5
    case module2 = 7
    case hashZipmap = 9
    case listZiplist = 10
    case setIntset = 11
    case sortedSetZiplist = 12
    case hashZiplist = 13
    case listQuicklist = 14
    case streamListpacks = 15
    case hashListpack = 16
    case sortedSetListpack = 17
    case listQuicklist2 = 18
    case streamListpacks2 = 19
    case setListpack = 20
    case streamListpacks3 = 21
    /// Redis 7.4 before its release. Valkey's hash with field expiry has the same number: see `valkeyHash2`.
    case hashMetadataPreRelease = 22
    case hashListpackExPreRelease = 23
    case hashMetadata = 24
    case hashListpackEx = 25
    case streamListpacks4 = 26
    case streamListpacks5 = 27
    case array = 28
    case hashTemplateListpackReference = 30
    case hashTemplateArrayReference = 32
    /// 22 in a file of Valkey: hash with field expiry. Numbered apart from the file's byte.
    case valkeyHash2 = 200

    /// Nil for a byte that is no known type in this dialect. Left out on purpose: 6, modules before Redis 4.0, whose length nobody but
    /// the module knows; 29 and 31, which only stand in DUMP payloads; 33, which only special builds write.
    init?(byte: UInt8, dialect: RDBHeader.Dialect) {
        switch (dialect, byte) {
        case (.valkey, 22): self = .valkeyHash2
        case (.valkey, 23...): return nil
        case (.redis, 200): return nil
        default: self.init(rawValue: byte)
        }
    }

    /// As it stands in the file and in a DUMP payload.
    package var byte: UInt8 { self == .valkeyHash2 ? 22 : rawValue }

    package var kind: RDBKind {
        switch self {
        case .string: .string
        case .list, .listZiplist, .listQuicklist, .listQuicklist2: .list
        case .set, .setIntset, .setListpack: .set
        case .sortedSet, .sortedSet2, .sortedSetZiplist, .sortedSetListpack: .sortedSet
        case .hash, .hashZipmap, .hashZiplist, .hashListpack, .hashMetadataPreRelease, .hashListpackExPreRelease, .hashMetadata,
            .hashListpackEx, .hashTemplateListpackReference, .hashTemplateArrayReference, .valkeyHash2:
            .hash
        case .streamListpacks, .streamListpacks2, .streamListpacks3, .streamListpacks4, .streamListpacks5: .stream
        case .module2: .module
        case .array: .array
        }
    }

    /// False when the value refers to something elsewhere in the file, so that RESTORE cannot take its bytes.
    package var isSelfContained: Bool {
        self != .hashTemplateListpackReference && self != .hashTemplateArrayReference
    }

    /// 1 to 5, of a stream.
    var streamVersion: Int {
        switch self {
        case .streamListpacks5: 5
        case .streamListpacks4: 4
        case .streamListpacks3: 3
        case .streamListpacks2: 2
        default: 1
        }
    }
}
