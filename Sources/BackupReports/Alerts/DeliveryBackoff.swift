/// When what was not taken is offered again.
enum DeliveryBackoff {
    private static let first = Duration.seconds(5)
    private static let longest = Duration.seconds(300)

    /// Doubles with every failure, drawn from its upper half so that what failed together does not come back together; a server's own word is the least.
    /// - Parameter chance: from 0 up to 1.
    static func wait(after failures: Int, asked: Duration?, chance: Double) -> Duration {
        let bound = min(longest, first * (1 << min(max(failures - 1, 0), 10)))
        return max(asked ?? .zero, bound * (0.5 + chance / 2))
    }
}
