import BackupModel
import DumpFormat

/// Asks the server, in the dump's snapshot, whether a range of blocks still holds the rows an earlier dump has of it.
///
/// A row visible now that was inserted by a transaction before the earlier snapshot's `xmin` was visible then, at the same place and with the
/// same content (`docs/format.md`). When all rows are such rows, and there are as many as there were, they are the same.
struct ReuseQuestion: Sendable {
    let statement: SegmentStatement
    /// Of the earlier snapshot: a full transaction ID.
    let xmin: UInt64

    /// Counts the rows, and those of them that were not there before.
    var sql: [UInt8] {
        let later = LaterRows.condition(since: xmin)
        return Array("SELECT pg_catalog.count(*), pg_catalog.count(*) FILTER (WHERE \(later)) FROM ONLY ".utf8)
            + statement.table.name.qualified
            + statement.condition
    }

    /// - Parameter rows: how many the earlier dump has of the range.
    static func isUnchanged(_ answer: [[UInt8]?], rows: Int64) -> Bool {
        let counts = answer.compactMap { $0.flatMap { Int64(String(decoding: $0, as: UTF8.self)) } }
        return counts == [rows, 0]
    }
}

extension PostgresConnection {
    /// - Parameter preceding: statements that return no rows.
    func ask(_ question: ReuseQuestion, after preceding: [UInt8], rows: Int64) throws -> Bool {
        try send(preceding + question.sql)
        var answers: [[[UInt8]?]] = []
        try forEachResult(limit: stallLimit, doing: "counting rows") { answers += $0.rows }
        return answers.count == 1 && ReuseQuestion.isUnchanged(answers[0], rows: rows)
    }
}
