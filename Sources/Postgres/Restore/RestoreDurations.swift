/// When a restore had come how far, in seconds since its beginning: together the time a recovery takes.
package struct RestoreDurations: Sendable, Codable, Equatable {
    /// Types, tables and functions were made.
    package var definitions: Double = 0
    /// The last row was in the server.
    package var rows: Double = 0
    /// The last index, constraint and foreign key was built.
    package var indexes: Double = 0
    /// Everything else of the script had run too, statistics gathered; reading back comes after it.
    package var script: Double = 0
}

extension RestoreDurations {
    /// - Parameter buildsLate: whether indexes or keys are built only with the rest of the script.
    mutating func note(_ stage: RestoreWork.Stage, at seconds: Double, buildsLate: Bool) {
        switch stage {
        case .rows: rows = seconds
        case .indexes: indexes = seconds
        case .script:
            if buildsLate { indexes = seconds }
        }
        script = seconds
    }

    /// Nothing is over before what it follows.
    mutating func settle() {
        rows = max(rows, definitions)
        indexes = max(indexes, rows)
        script = max(script, indexes)
    }
}

/// Seconds since it was started, by any clock.
struct Stopwatch: Sendable {
    private let elapsed: @Sendable () -> Duration

    init(_ clock: some Clock<Duration>) {
        let begin = clock.now
        elapsed = { begin.duration(to: clock.now) }
    }

    var seconds: Double { elapsed() / .seconds(1) }
}
