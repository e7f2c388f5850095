import DumpFormat

/// All the work after the definitions, as items with what each waits for. Pure.
struct RestorePlanner: Sendable {
    enum Work: Sendable {
        case load(LoadPlan.Load)
        /// Sequences, large objects, the contents of extensions' tables.
        case data
        case build(ScriptStatement)
        case joints([ScriptStatement])
        case foreignKey(ScriptStatement)
        case analyze([UInt8])
        /// Everything else of the script, and what could not be run before its turn.
        case rest([ScriptStatement])
    }

    /// Of what is loaded of the dump.
    let index: DumpIndex
    let sampled: SampledIndex
    let scripts: DumpScripts
    let selection: TableSelection
    let relations: Relations
    let loads: [LoadPlan.Load]
    let postData: PostDataPlan
    let leftOut: LeftOutKeys
    let analyzes: Bool
    private let bytesByName: [QualifiedName: Int64]

    init(reader: DumpReader, scripts: DumpScripts, selection: TableSelection, relations: Relations, options: RestoreOptions) {
        sampled = SampledIndex(reader.index, options.sample)
        index = sampled.index
        self.scripts = scripts
        self.selection = selection
        self.relations = relations
        loads = LoadPlan(tables: index.tables, chosen: selection.chosen, jobs: options.jobs).loads
        leftOut = LeftOutKeys(scripts.postData, selection: selection, sampled: sampled.tables, relations: relations)
        let tables = index.tables
        postData = PostDataPlan(leftOut.kept, tables: Set(selection.chosen.map { tables[$0].key }))
        analyzes = options.analyzes
        bytesByName = Dictionary(index.tables.map { ($0.key, $0.bytes) }) { $0 + $1 }
    }

    var totalBytes: Int64 { loads.reduce(0) { $0 + $1.bytes } }

    func queue() -> WorkQueue<Work> {
        var queue = WorkQueue<Work>()
        var done: Set<Int> = []
        var loadsOfTable: [QualifiedName: Set<Int>] = [:]
        for load in loads {
            let name = index.tables[load.table].key
            let id = queue.add(.load(load), weight: load.bytes)
            loadsOfTable[name, default: []].insert(id)
            done.insert(id)
        }
        if scripts.data != nil { done.insert(queue.add(.data, weight: scripts.data?.plainBytes ?? 0)) }
        for build in postData.builds {
            let table: Set = [build.table]
            done.insert(
                queue.add(
                    .build(build.statement), after: loadsOfTable[build.table] ?? [], alone: build.locksAlone ? table : [],
                    shared: build.locksAlone ? [] : table, weight: weight(of: build)))
        }
        let joints = queue.add(.joints(postData.joints), after: done)
        let checks = addChecks(to: &queue, after: joints)
        let rest = queue.add(.rest(postData.rest), after: checks.union([joints]))
        if analyzes {
            for view in relations.all where view.kind == "m" && !view.isExtensions { queue.add(.analyze(view.quoted), after: [rest]) }
        }
        return queue
    }

    /// Foreign keys and statistics: each needs its tables to itself, with all their partitions.
    private func addChecks(to queue: inout WorkQueue<Work>, after joints: Int) -> Set<Int> {
        var ids: Set<Int> = []
        for key in postData.foreignKeys {
            let locks = Set(key.tables.map(relations.lock))
            ids.insert(queue.add(.foreignKey(key.statement), after: [joints], alone: locks, weight: key.tables.map(bytes).reduce(0, +)))
        }
        guard analyzes else { return ids }
        for relation in relations.sampled {
            let locks: Set = [relation.root]
            ids.insert(queue.add(.analyze(relation.quoted), after: [joints], alone: locks, weight: bytes(of: relation.name)))
        }
        return ids
    }

    /// A key that locks its table goes before the indexes that can be built beside each other.
    private func weight(of build: PostDataPlan.Build) -> Int64 { bytes(of: build.table) * (build.locksAlone ? 2 : 1) }

    private func bytes(of table: QualifiedName) -> Int64 { bytesByName[table] ?? 0 }
}
