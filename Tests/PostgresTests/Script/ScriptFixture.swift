import Foundation
import Testing

/// Scripts that pg_dump of each release wrote for one database full of awkward names, bodies and comments.
enum ScriptFixture {
    static let releases = [14, 15, 16, 17, 18]

    static func text(_ release: Int, _ section: String) throws -> [UInt8] {
        let url = try #require(Bundle.module.url(forResource: "Fixtures/Script/pg_dump\(release)-\(section)", withExtension: "sql"))
        return Array(try Data(contentsOf: url))
    }
}
