import FoundationEssentials

extension Manifest {
    /// The bytes of `<id>.json`: indented, keys sorted, so that people and `diff` can read it; with a checksum of itself.
    package func encoded() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try ManifestSeal.sealed(self, by: encoder)
    }

    /// Throws `.versionMismatch` for a manifest of a later format, `.failed` for what is no manifest, or not what was written; `name` is for the
    /// message.
    package static func decode(_ bytes: [UInt8], name: String) throws -> Manifest {
        // Before anything else: nobody knows what a later format looks like, nor what its checksum is of, and what is not understood is not damage.
        try checkVersion(try decoded(Version.self, bytes, name).formatVersion, name)
        let sealed = try decoded(SealedManifest.self, bytes, name)
        try sealed.check(bytes, name)
        return sealed.manifest
    }

    private struct Version: Decodable { let formatVersion: Int }

    private static func checkVersion(_ version: Int, _ name: String) throws {
        guard version > supportedFormatVersion else { return }
        throw BackupError(
            .versionMismatch, "\(name) has manifest format \(version), this version reads up to \(supportedFormatVersion)",
            hint: "Use the newer call-center-admin that wrote it.")
    }

    private static func decoded<Value: Decodable>(_ type: Value.Type, _ bytes: [UInt8], _ name: String) throws -> Value {
        do { return try JSONDecoder().decode(type, from: Data(bytes)) } catch {
            throw BackupError(.failed, "\(name) is not a readable manifest: \(reason(error))")
        }
    }

    /// What the decoder found, without the shape of its types.
    private static func reason(_ error: any Error) -> String {
        switch error {
        case DecodingError.keyNotFound(let key, _): "the field “\(key.stringValue)” is missing"
        case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context),
            DecodingError.dataCorrupted(let context):
            context.codingPath.isEmpty
                ? "it is no JSON object" : "the field “\(context.codingPath.map(\.stringValue).joined(separator: "."))” is wrong"
        default: "\(error)"
        }
    }
}

extension Manifest {
    /// A run is named by the second it begins in, or one soon after where that is taken: beyond this its name speaks against its date.
    package static let farthestName: Duration = .seconds(86_400)
}

extension SealedManifest {
    /// One without a checksum is not believed when its own name speaks against its date: retention would take it for old.
    /// - Throws: `.failed`.
    fileprivate func check(_ text: [UInt8], _ name: String) throws {
        if let checksum {
            guard ManifestSeal.fits(checksum, text) else {
                throw BackupError(
                    .failed, "\(name) is damaged: it does not fit its own checksum",
                    hint:
                        "Where another store has the backup, `call-center-admin db sync` writes it anew; whoever changed it by hand takes the line "
                        + "of its checksum out.")
            }
        } else if let named = manifest.id.instant {
            let distance = manifest.startedAt - named
            guard max(distance, .zero - distance) > Manifest.farthestName else { return }
            throw BackupError(
                .failed, "\(name) is damaged: it says that it was begun on \(manifest.startedAt.display), which is not what it is named by")
        }
    }
}
