import DumpFormat

/// Finds out how far the damage to one run goes: which rows lie before it and which behind.
struct DamageSurvey {
    let reader: DumpReader
    let subject: RunCheck.Subject

    /// The finding for a run that failed its check with `error`.
    func finding(_ error: DumpFormatError) async throws -> Finding {
        switch subject {
        case .script(let part):
            let survey = try await survey(part, countsRows: false)
            return Finding("the \(part.kind.rawValue) script: \(error.reason)", offsets: .init(survey.offsets ?? part.range))
        case .segment(let segment, let number, let table):
            let survey = try await survey(segment, countsRows: true)
            return Finding(
                "\(error.reason)", table: table.qualifiedName, segment: number, blocks: .init(from: segment.lo, to: segment.hi),
                rows: .init(survey.damagedRows(of: segment.rows)), offsets: .init(survey.offsets ?? segment.range)
            )
        }
    }

    struct Extent {
        var offsets: Range<Int64>?
        var rowsBefore: Int64 = 0
        var rowsBehind: Int64 = 0

        /// The rows that are not in a whole member on either side; all of them where every member is whole.
        func damagedRows(of rows: Int64) -> Range<Int64> {
            guard offsets != nil, rowsBefore + rowsBehind <= rows else { return 0..<rows }
            return rowsBefore..<(rows - rowsBehind)
        }
    }

    private func survey(_ run: some MemberRun, countsRows: Bool) async throws -> Extent {
        var extent = Extent()
        let range = run.range.clamped(to: 0..<reader.byteCount)
        let scan = reader.scan(range, maxTextBytes: Int(clamping: run.plainBytes))
        while let piece = try await scan.next() {
            switch piece {
            case .text(let member):
                let rows = countsRows ? member.rowCount : 0
                if extent.offsets == nil { extent.rowsBefore += rows } else { extent.rowsBehind += rows }
            case .empty(let offset, let bytes, _): extent.damage(offset..<(offset + Int64(bytes)))
            case .damaged(let range, _): extent.damage(range)
            }
        }
        return extent
    }
}

extension DamageSurvey.Extent {
    fileprivate mutating func damage(_ range: Range<Int64>) {
        offsets = (offsets?.lowerBound ?? range.lowerBound)..<range.upperBound
        rowsBehind = 0
    }
}

extension MemberRun {
    var range: Range<Int64> { offset..<(offset + compressedBytes) }
}

extension Member {
    /// Rows in a member of table data; 0 in any other.
    var rowCount: Int64 {
        text.withUnsafeBytes { text in
            guard let copy = try? CopyText(text) else { return 0 }
            var rows: Int64 = 0
            CopyText.forEachRow(in: UnsafeRawBufferPointer(rebasing: text[copy.rows])) { _ in rows += 1 }
            return rows
        }
    }
}
