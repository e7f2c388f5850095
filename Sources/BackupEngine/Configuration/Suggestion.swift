/// Finds what somebody may have meant.
enum Suggestion {
    /// The candidate that takes the fewest changes of a letter, if those are few for the word's length.
    static func nearest(to word: String, among candidates: some Collection<String>) -> String? {
        let ranked = candidates.map { (distance(word, $0), $0) }.min { $0 < $1 }
        guard let (changes, candidate) = ranked, changes <= max(2, word.count / 5) else { return nil }
        return candidate
    }

    /// Levenshtein's distance.
    static func distance(_ left: String, _ right: String) -> Int {
        let letters = Array(right)
        var row = Array(0...letters.count)
        for (line, letter) in left.enumerated() {
            var diagonal = row[0]
            row[0] = line + 1
            for column in letters.indices {
                let change = diagonal + (letters[column] == letter ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(change, row[column] + 1, row[column + 1] + 1)
            }
        }
        return row[letters.count]
    }
}
