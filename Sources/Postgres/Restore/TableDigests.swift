package import BackupModel
package import DumpFormat

/// Row count and digest of one table as the server gives it.
package struct TableDigest: Sendable, Equatable {
    package var rows: Int64 = 0
    package var digest = RowsDigest()

    static func += (left: inout Self, right: Self) {
        left.rows += right.rows
        left.digest += right.digest
    }
}

/// Reads all rows of a database as a dump of it would and digests them, several ranges at a time.
package struct TableDigests: Sendable {
    let target: ConnectionTarget
    let jobs: Int
    let stallLimit: Duration?
    /// The encoding the digests are of: the dump's.
    let encoding: String
    let progress: ProgressSink

    package init(target: ConnectionTarget, jobs: Int, stallLimit: Duration?, encoding: String, progress: @escaping ProgressSink) {
        self.target = target
        self.jobs = jobs
        self.stallLimit = stallLimit
        self.encoding = encoding
        self.progress = progress
    }

    /// - Parameter isWanted: which tables to read.
    /// - Returns: one entry for each of them that is there.
    package func read(where isWanted: (QualifiedName) -> Bool) async throws -> [QualifiedName: TableDigest] {
        let first = try await open()
        do {
            let catalog = try await TableCatalog.read(over: first)
            let canRange = try await first.serverVersion >= 140000
            let plan = DumpPlan(catalog.tables.filter { isWanted($0.key) }, canRange: canRange, previous: nil)
            progress(.began(phase: "read back", totalBytes: plan.tables.map(\.catalog.bytes).reduce(0, +), totalItems: plan.tables.count))
            var digests = try await digest(plan.tables.flatMap(Portion.all))
            // An empty table has nothing to read, and is there.
            for table in plan.tables { digests[table.catalog.key, default: TableDigest()] += TableDigest() }
            await first.close()
            progress(.ended(phase: "read back"))
            return digests
        } catch {
            await first.close()
            throw error
        }
    }

    private func open() async throws -> PostgresConnection {
        let connection = try await PostgresConnection.open(
            target, applicationName: "call-center-backup read back", stallLimit: stallLimit)
        do {
            try await connection.pinSettings()
            try await connection.execute("SET client_encoding = \(SQL.literal(encoding))")
        } catch {
            await connection.close()
            throw error
        }
        return connection
    }

    /// What is read at once, with its share of the table's bytes for progress: the shares come to the whole.
    private struct Portion {
        let statement: SegmentStatement
        let bytes: Int64

        static func all(of table: DumpPlan.Table) -> [Portion] {
            let (share, rest) = table.catalog.bytes.quotientAndRemainder(dividingBy: Int64(max(table.ranges.count, 1)))
            return table.ranges.enumerated().map { place, range in
                Portion(statement: SegmentStatement(table: table.catalog, range: range), bytes: place == 0 ? share + rest : share)
            }
        }
    }

    private func digest(_ portions: [Portion]) async throws -> [QualifiedName: TableDigest] {
        let workers = max(min(jobs, portions.count), 1)
        return try await withThrowingTaskGroup(of: [QualifiedName: TableDigest].self) { group in
            for worker in 0..<workers {
                let mine = stride(from: worker, to: portions.count, by: workers).map { portions[$0] }
                group.addTask { try await digestAll(mine) }
            }
            var all: [QualifiedName: TableDigest] = [:]
            for try await part in group {
                for (table, digest) in part { all[table, default: TableDigest()] += digest }
            }
            return all
        }
    }

    private func digestAll(_ portions: [Portion]) async throws -> [QualifiedName: TableDigest] {
        let connection = try await open()
        var digests: [QualifiedName: TableDigest] = [:]
        do {
            for portion in portions {
                let (statement, table) = (portion.statement, portion.statement.table)
                let digest = try await connection.digest(statement.read)
                digests[table.key, default: TableDigest()] += digest
                progress(.advanced(bytes: portion.bytes, rows: digest.rows, items: 0, item: table.name.text))
            }
        } catch {
            await connection.close()
            throw error
        }
        await connection.close()
        return digests
    }
}

extension CatalogTable {
    var key: QualifiedName { QualifiedName(schema: name.schema.text, name: name.name.text) }
}

extension PostgresConnection {
    fileprivate func digest(_ statement: [UInt8]) throws -> TableDigest {
        var found = TableDigest()
        try beginCopyOut(statement)
        _ = try copyRows { row in
            found.rows += 1
            found.digest.add(row: UnsafeRawBufferPointer(rebasing: row.dropLast()))
            return true
        }
        return found
    }
}
