/// One thing that is wrong with a file, and where.
package struct Finding: Sendable, Codable, Equatable {
    /// A sentence without a full stop that says it all.
    package var message: String
    /// Schema and name.
    package var table: String?
    /// From zero within the table.
    package var segment: Int?
    /// The segment's block range.
    package var blocks: Bounds?
    /// From zero: within the segment where one is named, else within the table.
    package var rows: Bounds?
    /// Bytes of the file.
    package var offsets: Bounds?

    /// `from..<to`; nil ends are open or unknown.
    package struct Bounds: Sendable, Codable, Equatable {
        package var from: Int64?
        package var to: Int64?

        package init(from: Int64?, to: Int64?) {
            self.from = from
            self.to = to
        }

        package init(_ range: Range<Int64>) {
            self.init(from: range.lowerBound, to: range.upperBound)
        }
    }

    package init(
        _ message: String, table: String? = nil, segment: Int? = nil, blocks: Bounds? = nil, rows: Bounds? = nil, offsets: Bounds? = nil
    ) {
        self.message = message
        self.table = table
        self.segment = segment
        self.blocks = blocks
        self.rows = rows
        self.offsets = offsets
    }
}

extension Finding: CustomStringConvertible {
    /// The sentence with everything known of the place.
    package var description: String {
        var places: [String] = []
        if let table { places.append("table \(table)") }
        if let segment { places.append("segment \(segment)") }
        if let blocks { places.append("blocks \(blocks)") }
        if let rows { places.append("rows \(rows)") }
        if let offsets { places.append("bytes \(offsets)") }
        return places.isEmpty ? message : "\(message) (\(places.joined(separator: ", ")))"
    }
}

extension Finding.Bounds: CustomStringConvertible {
    package var description: String { "\(from.map(String.init) ?? "")..<\(to.map(String.init) ?? "")" }
}
