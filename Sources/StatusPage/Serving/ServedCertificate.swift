package import BackupModel
package import Logging
import NIOPosix
import NIOSSL
import OutboundHTTP
import Synchronization

/// The certificate HTTPS is served with. It can be renewed while the server goes on: whoever connects from then on gets the new one, and connections
/// that are open keep theirs. Files that cannot be used leave the one there is in its place.
package final class ServedCertificate: Sendable {
    private struct State {
        /// What is to be served, whether it could be read or not.
        var files: BackupHTTPSettings.TLSFiles?
        /// Those files as they were when they were read last.
        var marks: [FileMark?] = []
        var current: LoadedCertificate?
    }

    private let state = Mutex(State())
    private let logger: Logger

    package init(logger: Logger) { self.logger = logger }

    /// Nil before the first one.
    var context: NIOSSLContext? { state.withLock { $0.current?.context } }

    /// Begins with these files.
    /// - Throws: `.invalidConfiguration` for files that cannot be used, where there is none to go on with.
    func use(_ files: BackupHTTPSettings.TLSFiles) throws {
        do { try load(files) } catch {
            guard let current = state.withLock(\.current) else { throw error }
            tell(error, keeping: current)
        }
    }

    /// Reads the files again, whether they have changed or not, and says what came of it. Nothing is done where nothing is served with a certificate.
    /// - Parameter files: where they are from now on; nil: nowhere.
    package func renew(_ files: BackupHTTPSettings.TLSFiles?) async {
        guard let files, let old = state.withLock(\.current) else { return }
        do {
            let new = try await NIOThreadPool.singleton.runIfActive { try self.load(files) }
            if new.chain != old.chain { logger.notice("HTTPS goes on with a new certificate, valid until \(new.end.display)") }
        } catch {
            tell(error, keeping: old)
        }
    }

    /// Reads the files again if they have changed since they were read last.
    package func look() async {
        guard let files = state.withLock(\.files) else { return }
        // Fails only for a task that was cancelled: nobody waits for it then.
        guard let marks = try? await NIOThreadPool.singleton.runIfActive({ files.marks }) else { return }
        if marks != state.withLock(\.marks) { await renew(files) }
    }

    @discardableResult
    private func load(_ files: BackupHTTPSettings.TLSFiles) throws -> LoadedCertificate {
        // Looked at before it is read: what is written meanwhile is then seen as a change.
        let marks = files.marks
        state.withLock { ($0.files, $0.marks) = (files, marks) }
        let new = try LoadedCertificate(files)
        state.withLock { $0.current = new }
        return new
    }

    private func tell(_ error: any Error, keeping old: LoadedCertificate) {
        logger.error("the certificate of HTTPS was not renewed, the old one stays, valid until \(old.end.display): \(error)")
        if let hint = (error as? BackupError)?.hint { logger.info("hint: \(hint)") }
    }
}

extension BackupHTTPSettings.TLSFiles {
    /// Blocks for as long as the file system does.
    fileprivate var marks: [FileMark?] { [FileMark(certificates), FileMark(key)] }
}
