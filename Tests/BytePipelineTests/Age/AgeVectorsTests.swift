import BackupModel
import BackupTestKit
import BytePipeline
import Crypto
import Foundation
import SystemPackage
import Testing

@Suite("Test vectors of the age format")
struct AgeVectorsTests {
    @Test("Each file opens, or is refused for the right reason")
    func vectors() async throws {
        try requireProgram("pigz", package: "pigz")
        let vectors = try AgeVector.all()
        #expect(vectors.count == 68)
        try await withTemporaryFolder { folder in
            for vector in vectors {
                let sealed = try await vector.sealed(in: folder)
                await check(vector, sealed)
            }
        }
    }

    private func check(_ vector: AgeVector, _ sealed: [UInt8]) async {
        do {
            let identities = try vector.identities.map { try AgeIdentity(Secret($0)) }
            let plain = try await decrypted(sealed, with: identities)
            #expect(vector.expectation == "success", "\(vector.name)")
            #expect(
                SHA256.hash(data: plain).map { String(Int($0) + 256, radix: 16).suffix(2) }.joined() == vector.payload, "\(vector.name)")
        } catch let error as BackupError {
            #expect(error.code == vector.code, "\(vector.name): \(error)")
        } catch {
            Issue.record("\(vector.name): \(error)")
        }
    }
}

/// A file of the suite: lines that say what to expect, an empty line, the age file.
private struct AgeVector {
    let name: String
    private var fields: [(String, String)] = []
    private let body: [UInt8]

    static func all() throws -> [AgeVector] {
        let folder = try #require(Bundle.module.resourceURL).appending(path: "Fixtures/age")
        return try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted().map { name in
            try AgeVector(name, [UInt8](Data(contentsOf: folder.appending(path: name))))
        }
    }

    private init(_ name: String, _ bytes: [UInt8]) throws {
        self.name = name
        var rest = bytes[...]
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")), end > rest.startIndex {
            let line = String(decoding: rest[..<end], as: UTF8.self)
            let colon = try #require(line.firstRange(of: ": "))
            fields.append((String(line[..<colon.lowerBound]), String(line[colon.upperBound...])))
            rest = rest[(end + 1)...]
        }
        body = Array(rest.dropFirst())
    }

    private func values(_ key: String) -> [String] { fields.filter { $0.0 == key }.map(\.1) }

    var expectation: String { values("expect").first ?? "" }
    var identities: [String] { values("identity") }
    var payload: String { values("payload").first ?? "" }

    var code: BackupError.Code? {
        switch expectation {
        case "no match": .permissionDenied
        case "header failure", "HMAC failure", "payload failure": .verificationFailed
        default: nil
        }
    }

    func sealed(in folder: FilePath) async throws -> [UInt8] {
        guard values("compressed") == ["zlib"] else { return body }
        let file = folder.appending(name)
        try Data(body).write(to: URL(filePath: file.string + ".zz"))
        try await Command("pigz", ["-d", file.string + ".zz"]).output()
        return [UInt8](try Data(contentsOf: URL(filePath: file.string)))
    }
}
