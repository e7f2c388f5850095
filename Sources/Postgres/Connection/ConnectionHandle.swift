import CLibPQ

/// libpq's connection, closed when its owner lets go of it.
struct ConnectionHandle: ~Copyable {
    // Unsafe by nature: the pointer stays inside the one actor that owns this handle.
    let pointer: OpaquePointer

    deinit { PQfinish(pointer) }
}

/// libpq's way of stopping a running query from another thread.
///
/// `@unchecked Sendable`: `PQcancel` is documented as safe to call from any thread while the connection is in use
/// (PostgreSQL documentation, "Canceling Queries in Progress"), and the object is never changed.
final class CancelToken: @unchecked Sendable {
    private let pointer: OpaquePointer

    init?(_ handle: borrowing ConnectionHandle) {
        guard let pointer = PQgetCancel(handle.pointer) else { return nil }
        self.pointer = pointer
    }

    deinit { PQfreeCancel(pointer) }

    /// Asks the server to stop; a request that does not arrive is no error, the query then ends by itself or with the connection.
    func cancel() {
        var reason = [CChar](repeating: 0, count: 256)
        _ = PQcancel(pointer, &reason, Int32(reason.count))
    }
}
