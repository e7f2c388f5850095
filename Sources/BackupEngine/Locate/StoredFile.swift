import BackupModel
package import BytePipeline
import ObjectStores

/// The age identities that are known here, read when something has to be opened.
package typealias Identities = @Sendable () throws -> [AgeIdentity]

/// One file of a backup where it lies: on this machine, or in a store that is asked for the ranges that are needed.
package struct StoredFile: Sendable {
    private enum Place: Sendable {
        case path(String)
        case store(any BackupStore)
    }

    private let place: Place
    private let identities: Identities
    /// As messages name it: a path, or a URL.
    package let name: String
    /// Its name in its store.
    package let key: String
    /// The fingerprints of those it was encrypted to, as far as its manifest says.
    var recipients: [String] = []

    private init(_ place: Place, name: String, key: String, _ identities: @escaping Identities) {
        self.place = place
        self.name = name
        self.key = key
        self.identities = identities
    }

    /// A file on this machine, wherever it lies.
    init(path: String, _ identities: @escaping Identities = { [] }) {
        self.init(.path(path), name: path, key: path.split(separator: "/").last.map(String.init) ?? path, identities)
    }

    init(_ key: String, in store: any BackupStore, _ identities: @escaping Identities = { [] }) {
        if let folder = store as? LocalStore {
            self.init(path: folder.root == "/" ? "/\(key)" : "\(folder.root)/\(key)", identities)
        } else {
            self.init(.store(store), name: "\(store.name)/\(key)", key: key, identities)
        }
    }

    /// Another file beside it, in the same folder or store.
    func sibling(_ key: String) -> StoredFile {
        switch place {
        case .path(let path): StoredFile(path: String(path.dropLast(self.key.count)) + key, identities)
        case .store(let store): StoredFile(key, in: store, identities)
        }
    }

    /// Opens it, and what is encrypted in it where that can be.
    /// - Parameter watch: over a store or folder that may fall silent; nil: it is waited for as long as it takes itself.
    /// - Throws: `.artifactMissing`, what the store throws, and `.invalidConfiguration` for a file of identities that cannot be used.
    package func open(_ watch: ReadWatch? = nil) async throws -> OpenedFile {
        switch place {
        case .path(let path):
            // A folder may be one of another machine.
            let stored = try await watch.bytes(of: StoredName(key: key, store: folder(of: path))) { try await LocalFile.open(path) }
            return try await OpenedFile(stored: stored, name: name, path: path, recipients: recipients, identities)
        case .store(let store):
            let stored = try await watch.bytes(of: StoredName(key: key, store: store.name)) { [key] in try await store.open(key) }
            return try await OpenedFile(stored: ReadAhead(stored), name: name, path: nil, recipients: recipients, identities)
        }
    }

    private func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
