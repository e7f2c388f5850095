/// Runs `body` on every item, `jobs` at a time, and gives the results in the order of the items. The first error ends the rest.
func concurrently<Item: Sendable, Result: Sendable>(
    _ items: [Item], jobs: Int, _ body: @escaping @Sendable @concurrent (Item) async throws -> Result
) async throws -> [Result] {
    try await withThrowingTaskGroup(of: (Int, Result).self) { group in
        var results = [Result?](repeating: nil, count: items.count)
        for (number, item) in items.enumerated() {
            if number >= jobs, let (done, result) = try await group.next() { results[done] = result }
            group.addTask { (number, try await body(item)) }
        }
        for try await (done, result) in group { results[done] = result }
        return results.compactMap { $0 }
    }
}
