import BackupModel

/// Patterns that name single tables for pg_dump's options.
///
/// Inside quotes every character stands for itself (psql documentation, "Patterns"). pg_dump asks the server once per pattern; for
/// one name the server looks into an index (0.2 ms among 5,000 tables), for an alternation of a hundred it tries every table (200 ms).
enum TablePattern {
    /// Linux allows the arguments and the environment of a process 2 MiB together (execve(2)).
    private static let argumentLimit = 1_500_000

    /// - Throws: `BackupError` when the names do not fit on a command line.
    static func patterns(for tables: [TableName]) throws -> [[UInt8]] {
        let patterns = tables.map(\.qualified).sorted { $0.lexicographicallyPrecedes($1) }
        guard patterns.reduce(0, { $0 + $1.count + 32 }) < argumentLimit else {
            throw BackupError(
                .failed, "the names of \(tables.count) tables are too long together for one run of pg_dump",
                hint: "Take this database with --format custom.")
        }
        return patterns
    }
}
