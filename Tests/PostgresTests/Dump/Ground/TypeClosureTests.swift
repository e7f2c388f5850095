import Testing

@testable import Postgres

@Suite struct TypeClosureTests {
    private let types = TypeClosure([
        .init(oid: 25, isSteady: true, digest: "text"),
        .init(oid: 100, parts: [25], isSteady: true, digest: "array"),
        .init(oid: 200, parts: [100, 300], isSteady: true, digest: "composite"),
        .init(oid: 300, parts: [200], isSteady: true, digest: "recursive"),
        .init(oid: 400, parts: [500], isSteady: true, digest: "array of what names things"),
        .init(oid: 500, isSteady: false, digest: "regclass"),
    ])

    @Test func aDigestCoversTheTableAndEverythingItsTypesAreMadeOf() throws {
        let digest = try #require(types.digest(of: [200], with: "table"))
        #expect(types.digest(of: [200], with: "other table") != digest)
        let changed = TypeClosure([
            .init(oid: 25, isSteady: true, digest: "changed"), .init(oid: 100, parts: [25], isSteady: true, digest: "array"),
            .init(oid: 200, parts: [100], isSteady: true, digest: "composite"),
        ])
        #expect(changed.digest(of: [200], with: "table") != digest)
        #expect(types.digest(of: [25, 100], with: "table") == types.digest(of: [100], with: "table"))
    }

    @Test func whatDependsOnMoreHasNoDigest() {
        #expect(types.digest(of: [25, 400], with: "table") == nil)
        #expect(types.digest(of: [600], with: "table") == nil)
        #expect(types.digest(of: [], with: "table") != nil)
    }

    @Test(
        arguments: [
            ("b", "textout", true, true), ("b", "regclassout", true, false), ("b", "regroleout", true, false),
            ("b", "aclitemout", true, false), ("b", "hstore_out", false, false), ("e", "enum_out", true, true),
            ("p", "record_out", true, false),
            ("m", "multirange_out", true, true), ("b", "float8out", true, true),
        ])
    func onlyWhatTheServerWritesFromTheValueIsSteady(kind: String, output: String, isInternal: Bool, expected: Bool) {
        #expect(TypeClosure.Entry.isSteady(kind: kind, output: output, isInternal: isInternal) == expected)
    }
}
