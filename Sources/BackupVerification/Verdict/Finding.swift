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
        if let blocks { places.append(blocks.described("block", first: 0)) }
        if let rows { places.append(rows.described("row", first: 1)) }
        if let offsets { places.append(offsets.described("byte", first: 0)) }
        return places.isEmpty ? message : "\(message) (\(places.joined(separator: ", ")))"
    }
}

extension Finding.Bounds {
    /// As people say it: "rows 1 to 10", "block 7", "from byte 4096 on".
    /// - Parameter first: the number people give to the first one; the values count from zero.
    package func described(_ noun: String, first: Int64) -> String {
        switch (from, to) {
        case (nil, nil): "all \(noun)s"
        case (let from?, nil): "from \(noun) \(from &+ first) on"
        case (nil, let to?): "up to \(noun) \(to &- 1 &+ first)"
        case (let from?, let to?) where to <= from: "before \(noun) \(from &+ first)"
        case (let from?, let to?) where to == from &+ 1: "\(noun) \(from &+ first)"
        case (let from?, let to?): "\(noun)s \(from &+ first) to \(to &- 1 &+ first)"
        }
    }
}
