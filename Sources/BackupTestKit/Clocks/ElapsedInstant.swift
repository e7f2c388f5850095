/// Where the hand of a clock of the tests stands, from its beginning on.
package struct ElapsedInstant: InstantProtocol {
    package var elapsed: Duration

    package init(elapsed: Duration) { self.elapsed = elapsed }

    package func advanced(by duration: Duration) -> ElapsedInstant { ElapsedInstant(elapsed: elapsed + duration) }
    package func duration(to other: ElapsedInstant) -> Duration { other.elapsed - elapsed }
    package static func < (left: ElapsedInstant, right: ElapsedInstant) -> Bool { left.elapsed < right.elapsed }
}
