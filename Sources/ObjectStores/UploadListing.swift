package import BackupModel

/// A store whose listing does not show what was begun and never finished.
package protocol UploadListingStore: BackupStore {
    /// Keys under names of ours whose uploads have neither been finished nor aborted, of whichever run.
    /// - Throws: what the server refuses; a server that does not know the request has none.
    func begunKeys() async throws -> [String]
}

extension S3Store: UploadListingStore {}
