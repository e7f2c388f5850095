package import BackupModel

/// The settings, and the files they come from.
package struct ConfigurationCondition: Sendable {
    /// Why they cannot be used; nil when they can.
    package var failure: RunFailure?
    /// Why nobody knows what they are: their files do not answer. Nil where they were read.
    package var unread: Trouble?
    /// What is odd about them and stops nothing.
    package var warnings: [String]
    /// Files with secrets in them that others may read.
    package var openFiles: [OpenFile]
    /// How many settings somebody has set.
    package var given: Int
    /// The files they come from.
    package var files: [String] = []
    /// Whether nobody is told anything, as no channel of alerts is set.
    package var tellsNobody = false
    /// Why HTTPS cannot be served with the certificate that is set; nil where it can, and where none is.
    package var certificateFailure: RunFailure?
    /// Why no alert can be mailed, as far as that shows before one is; nil where none is to be.
    package var mailFailure: RunFailure?

    package init(failure: RunFailure? = nil, warnings: [String] = [], openFiles: [OpenFile] = [], given: Int = 0) {
        self.failure = failure
        self.warnings = warnings
        self.openFiles = openFiles
        self.given = given
    }

    /// - Parameter files: that they would have been read from.
    package init(unread: Trouble, files: [String]) {
        self.init(failure: RunFailure(code: .invalidConfiguration, message: unread.message))
        self.unread = unread
        self.files = files
    }
}

/// A file, and who may read it.
package struct OpenFile: Sendable, Equatable {
    package var path: String
    /// Its permission bits.
    package var mode: UInt32

    package init(path: String, mode: UInt32) {
        self.path = path
        self.mode = mode
    }

    package var octal: String { "0" + String(mode & 0o7777, radix: 8) }
}
