/// What a long operation tells whoever is watching; terminals, log lines and metrics are made from the same stream.
package enum ProgressEvent: Sendable, Equatable {
    /// A phase begins ("dump", "verify", "load", "index"). `totalBytes` and `totalItems` are estimates where known.
    case began(phase: String, totalBytes: Int64?, totalItems: Int?)
    /// Work moved on within the phase. `bytes` and `rows` are increments; `item` is what is being worked on (a table, an index).
    case advanced(bytes: Int64, rows: Int64, items: Int, item: String?)
    /// The phase ended well.
    case ended(phase: String)
    /// Something the operator should know that does not stop the run.
    case warning(String)
    /// Something that was done besides, and is good to know.
    case note(String)
}

/// Called from any thread, often; it must not block.
package typealias ProgressSink = @Sendable (ProgressEvent) -> Void
