import BackupModel

/// A custom archive, through pg_restore.
struct ArchiveRestore: Sendable {
    let dump: ForeignDump
    let options: RestoreOptions
    let surroundings: ProgramSurroundings
    let progress: ProgressSink

    func run(on target: ConnectionTarget, _ programs: ClientPrograms) async throws {
        let feed = ProgramFeed("pg_restore", of: programs, arguments: arguments, target: target, surroundings: surroundings)
        guard dump.path == nil else {
            try await feed.run { _ in }
            progress(.advanced(bytes: dump.bytes.byteCount, rows: 0, items: 0, item: nil))
            return
        }
        try await feed.run { write in
            try await dump.forEachPiece { piece, read in
                try await write(piece)
                progress(.advanced(bytes: read, rows: 0, items: 0, item: nil))
            }
        }
    }

    var arguments: [String] {
        var list = ["--exit-on-error"]
        if options.ownership.skipsOwners { list.append("--no-owner") }
        if options.ownership.skipsPrivileges { list.append("--no-privileges") }
        if options.ownership.skipsTablespaces { list.append("--no-tablespaces") }
        if let role = options.ownership.role { list.append("--role=\(role)") }
        for table in options.tables {
            let name = QualifiedName(parsing: table) ?? QualifiedName(schema: nil, name: table)
            if let schema = name.schema { list.append("--schema=\(schema)") }
            list.append("--table=\(name.name)")
        }
        // Out of a pipe pg_restore reads once, from the beginning to the end.
        if let path = dump.path { list += ["--jobs=\(options.jobs)", path] }
        return list
    }
}
