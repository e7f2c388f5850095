import Crypto
import FoundationEssentials

/// The digest a manifest carries of itself, so that one a disk has changed is known for it instead of being believed.
///
/// It is the SHA-256 of the whole text with zeros in the place of its own digits: whoever has the file can compute it with `sed` and `sha256sum`, and
/// no field, known or not, is left out. Manifests of before it have none.
enum ManifestSeal {
    private static let blank = String(repeating: "0", count: 64)

    /// - Returns: the text of the manifest, with its digest.
    static func sealed(_ manifest: Manifest, by encoder: JSONEncoder) throws -> [UInt8] {
        let text = Array(try encoder.encode(Blank(manifest: manifest))) + Array("\n".utf8)
        // Only a field of the outermost object is indented by two, and no line break stands in a string of JSON.
        guard let line = text.firstPlace(of: Array("\n  \"\(SealField.checksum.rawValue)\" : \"\(blank)\"".utf8)) else {
            throw BackupError(.failed, "the manifest of \(manifest.id) cannot be written: it has no place for its checksum")
        }
        let place = line.upperBound - blank.utf8.count - 1..<line.upperBound - 1
        return text.putting(digest(of: text), at: place)
    }

    /// Whether a text that names `checksum` as its own digest is still the one that was written.
    static func fits(_ checksum: String, _ text: [UInt8]) -> Bool {
        guard let quoted = text.firstPlace(of: Array("\"\(checksum)\"".utf8)) else { return false }
        let place = quoted.lowerBound + 1..<quoted.upperBound - 1
        return digest(of: text.putting(Array(blank.utf8), at: place)) == Array(checksum.utf8)
    }

    private static func digest(of text: [UInt8]) -> [UInt8] {
        let digits = Array("0123456789abcdef".utf8)
        return SHA256.hash(data: text).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    }

    private struct Blank: Encodable {
        let manifest: Manifest

        func encode(to encoder: any Encoder) throws {
            try manifest.encode(to: encoder)
            var fields = encoder.container(keyedBy: SealField.self)
            try fields.encode(blank, forKey: .checksum)
        }
    }
}

/// A manifest with the digest it carries.
struct SealedManifest: Decodable {
    let manifest: Manifest
    /// Nil for one of before there were any.
    let checksum: String?

    init(from decoder: any Decoder) throws {
        manifest = try Manifest(from: decoder)
        checksum = try decoder.container(keyedBy: SealField.self).decodeIfPresent(String.self, forKey: .checksum)
    }
}

private enum SealField: String, CodingKey { case checksum }

extension [UInt8] {
    /// As `firstRange(of:)`, which is not compiled for bytes and takes nearly as long for a manifest as decoding it does.
    fileprivate func firstPlace(of bytes: [UInt8]) -> Range<Int>? {
        let place = indices.first { self[$0] == bytes.first && self[$0...].starts(with: bytes) }
        return place.map { $0..<$0 + bytes.count }
    }

    fileprivate func putting(_ bytes: [UInt8], at place: Range<Int>) -> [UInt8] {
        var copy = self
        copy.replaceSubrange(place, with: bytes)
        return copy
    }
}
