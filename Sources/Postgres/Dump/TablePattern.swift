/// Patterns that name tables for pg_dump's options.
///
/// pg_dump asks the server once per pattern, so one stands for many tables: `"schema"."a"|"b"` (psql documentation, "Patterns":
/// inside quotes every character stands for itself, outside the bar is the regular expression's).
enum TablePattern {
    private static let tablesPerPattern = 100

    static func patterns(for tables: [TableName]) -> [[UInt8]] {
        let bySchema = Dictionary(grouping: tables, by: \.schema.bytes)
        return bySchema.keys.sorted { $0.lexicographicallyPrecedes($1) }.flatMap { schema in
            let names = (bySchema[schema] ?? []).map(\.name.bytes).sorted { $0.lexicographicallyPrecedes($1) }
            return stride(from: 0, to: names.count, by: tablesPerPattern).map { start in
                pattern(schema, names[start..<min(start + tablesPerPattern, names.count)])
            }
        }
    }

    private static func pattern(_ schema: [UInt8], _ names: ArraySlice<[UInt8]>) -> [UInt8] {
        SQL.identifier(schema) + [UInt8(ascii: ".")] + names.map { SQL.identifier($0) }.joined(separator: [UInt8(ascii: "|")])
    }
}
