import Synchronization

/// Counts the attempts to begin an upload of one object that failed although they may have begun one.
final class LostBeginnings: Sendable {
    private let lost = Mutex(0)

    var count: Int { lost.withLock { $0 } }

    func note() { lost.withLock { $0 += 1 } }

    /// A server that is busy, or tired of waiting for the request, has begun nothing; one that broke down over it may have.
    func note(status: Int) {
        if (500...599).contains(status), status != 503 { note() }
    }
}

extension S3Store {
    /// Aborts what was begun for an object of ours by requests whose answers were lost.
    ///
    /// Nothing that a server tells of an upload without parts says whether it is ours or was just begun by another host. So this is done only once the
    /// object is stored, for from then on whoever else stores it is refused at his end; only to uploads that nobody has sent a part to; and only while
    /// there are no more of them than may have been begun unknowingly: else one is another host's for certain, and all are left to `removeLeftovers`.
    /// Where none was begun after all, at worst an upload of another host ends early that would be refused at its end.
    ///
    /// After a failure the key is still free, and another host may yet store it: there nothing is aborted that is not known by its ID.
    func abortLost(_ key: String, atMost count: Int) async {
        guard count > 0 else { return }
        do {
            let idle = try await impatient.idleUploads(of: key)
            guard idle.count <= count else { return }
            for upload in idle { try await impatient.abortUpload(key, upload: upload) }
        } catch {
            // The object is stored: nothing that happens here may take it back. The next run begins with `removeLeftovers`, which says what is refused.
        }
    }
}
