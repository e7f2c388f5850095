/// What one store may cost the others.
package struct TeeLimits: Sendable {
    /// Bytes a store may lag behind the fastest one before it is waited for.
    package var buffer: Int
    /// How long the others wait for it, added up over one file; then they go on without it.
    package var lag: Duration
    /// How long a store may take to end a file whose last byte it was given, and to give up one it no longer gets.
    package var end: Duration

    package init(buffer: Int = 8 << 20, lag: Duration = .seconds(60), end: Duration = .seconds(900)) {
        self.buffer = buffer
        self.lag = lag
        self.end = end
    }
}
