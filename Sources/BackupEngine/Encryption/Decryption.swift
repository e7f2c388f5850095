import BackupModel
package import BytePipeline
import Glibc
import ObjectStores

/// Opens an encrypted file and writes what it holds.
package struct Decryption: Sendable {
    package enum Output: Sendable {
        case standardOutput
        /// A file that is not there yet; it appears when all of it is written.
        case file(String)
    }

    private let identities: [AgeIdentity]
    private let lanes: Int

    /// - Parameter lanes: groups of chunks that are decrypted at the same time.
    package init(identities: [AgeIdentity], lanes: Int) {
        self.identities = identities
        self.lanes = lanes
    }

    /// - Returns: how many bytes it wrote.
    /// - Throws: as `AgeFile.open`, and what reading and writing throw.
    package func callAsFunction(_ path: String, to output: Output) async throws -> Int64 {
        let file = try await AgeFile.open(try await LocalFile.open(path), name: path, identities: identities, lanes: lanes)
        switch output {
        case .standardOutput: try await file.copy(to: DescriptorSink(STDOUT_FILENO, name: "standard output"))
        case .file(let path):
            let slash = path.lastIndex(of: "/") ?? path.startIndex
            let folder = LocalStore(root: String(path[..<slash]))
            try await folder.put(String(path[path.index(after: slash)...])) { try await file.copy(to: $0) }
        }
        return file.byteCount
    }
}
