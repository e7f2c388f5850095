import FoundationEssentials

extension Manifest {
    /// The bytes of `<id>.json`: indented, keys sorted, so that people and `diff` can read it.
    package func encoded() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(self)) + Array("\n".utf8)
    }

    /// Throws `.versionMismatch` for a manifest of a later format, `.failed` for what is no manifest; `name` is for the message.
    package static func decode(_ bytes: [UInt8], name: String) throws -> Manifest {
        let manifest: Manifest
        do {
            manifest = try JSONDecoder().decode(Manifest.self, from: Data(bytes))
        } catch {
            throw BackupError(.failed, "\(name) is not a readable manifest: \(reason(error))")
        }
        guard manifest.formatVersion <= supportedFormatVersion else {
            throw BackupError(
                .versionMismatch,
                "\(name) has manifest format \(manifest.formatVersion), this version reads up to \(supportedFormatVersion)",
                hint: "Use the newer call-center-admin that wrote it."
            )
        }
        return manifest
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
