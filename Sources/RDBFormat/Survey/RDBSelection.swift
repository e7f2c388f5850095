/// Which part of a file a survey counts and digests. All of the file is read and checked, whatever the selection.
package struct RDBSelection: Sendable {
    /// Whether a key counts; nil: every one.
    package var includes: (@Sendable (_ database: UInt64, _ key: UnsafeRawBufferPointer) -> Bool)?
    /// Keys and fields that expire up to this Unix time in milliseconds are left out, and hashes of which then nothing is left. Two copies of one
    /// data set agree about the rest, whichever of them has already lost what is over.
    package var expiryCutoff: Int64?

    package init(includes: (@Sendable (UInt64, UnsafeRawBufferPointer) -> Bool)? = nil, expiryCutoff: Int64? = nil) {
        self.includes = includes
        self.expiryCutoff = expiryCutoff
    }

    func leavesOut(_ key: RDBKey, in database: UInt64) -> Bool {
        if isOver(key.expiresAt) { return true }
        return includes.map { !$0(database, key.name) } ?? false
    }

    func isOver(_ expiry: Int64?) -> Bool {
        guard let expiry, let expiryCutoff else { return false }
        return expiry <= expiryCutoff
    }
}
