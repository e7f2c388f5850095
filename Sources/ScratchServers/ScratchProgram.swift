package import BackupModel

/// A server to run in a scratch folder: command lines and files, without secrets in the former.
package struct ScratchProgram: Sendable {
    /// Runs to its end before the server starts (initdb); empty for none.
    package var preparation: [String]
    /// The server's command line; it stays in the foreground.
    package var server: [String]
    /// Written into the scratch folder beforehand, by name: the server's account may read them, nobody else, and it cannot change them.
    package var files: [String: String]
    /// Those of `files` that are removed once the preparation is over.
    package var passing: [String]
    /// Ends the server at once, with whatever it has started; as `kill -s` knows it.
    package var endSignal: String
    /// Ends it so that its data can be used again.
    package var gentleSignal: String
    /// The most data the server's process may have, for servers that do not bound themselves.
    package var dataLimit: ByteSize?

    package init(
        preparation: [String] = [], server: [String], files: [String: String] = [:], passing: [String] = [], endSignal: String,
        gentleSignal: String, dataLimit: ByteSize? = nil
    ) {
        self.preparation = preparation
        self.server = server
        self.files = files
        self.passing = passing
        self.endSignal = endSignal
        self.gentleSignal = gentleSignal
        self.dataLimit = dataLimit
    }
}
