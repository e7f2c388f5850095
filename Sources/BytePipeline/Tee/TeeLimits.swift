/// What one store may cost the others.
package struct TeeLimits: Sendable {
    /// Bytes a store may lag behind the fastest one before it is waited for.
    package var buffer: Int
    /// How long the others wait for it, added up over one file; then they go on without it. At the end of a file, how long it may take nothing more.
    package var lag: Duration

    /// How long all may take to end a file while none has it.
    package var stall: Duration

    package init(buffer: Int = 8 << 20, lag: Duration = .seconds(60), stall: Duration = .seconds(900)) {
        self.buffer = buffer
        self.lag = lag
        self.stall = stall
    }

    /// How long a store that is left out may take to put away what it has begun: it has had its time already.
    var tidying: Duration { min(lag, .seconds(10)) }

    /// How long a store may take to end a file, from the moment another one has it, or from the last bytes it took after that; while none has it, from its
    /// last byte. And a second for each GiB, as S3 may put a large object's parts together for minutes (CompleteMultipartUpload, in its documentation).
    func end(ofBytes bytes: Int64, isStored: Bool) -> Duration { (isStored ? lag : stall) + .seconds(bytes >> 30) }
}
