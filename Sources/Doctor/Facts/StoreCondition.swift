package import BackupCatalog
package import BackupModel

/// One store: whether it answers, what lies in it, and in what state.
package struct StoreCondition: Sendable {
    package enum Kind: String, Sendable {
        case folder, s3, gcs
    }

    package var name: String
    package var kind: Kind
    package var holdings: Known<Holdings>
    /// Nil for buckets.
    package var folder: Folder?
    /// What a bucket does against loss; nil for a folder.
    package var protection: Known<Protection>?
    /// How far its server's clock is ahead of ours; nil where that is not known.
    package var clockLead: Duration?
    /// Keys of files that were begun and not finished, of whichever run; nil where the listing shows them too.
    package var begun: Known<[String]>?
    /// Of files that no manifest names, why a lock or a hold keeps them there; without those of which that cannot be told.
    package var locked: [String: String] = [:]
    /// Whether the settings ask for object lock.
    package var asksForLocks = false
    /// What the next backup will take in a folder, as its run will reckon; nil before the first one.
    package var next: Forecast?
    /// How somebody reaches a bucket by hand.
    package var program = BucketProgram()

    package struct Protection: Sendable, Equatable {
        package var keepsVersions: Bool
        package var locksObjects: Bool

        package init(keepsVersions: Bool, locksObjects: Bool) {
            self.keepsVersions = keepsVersions
            self.locksObjects = locksObjects
        }
    }

    package init(name: String, kind: Kind, holdings: Known<Holdings>, folder: Folder? = nil) {
        self.name = name
        self.kind = kind
        self.holdings = holdings
        self.folder = folder
    }

    package struct Forecast: Sendable, Equatable {
        /// With a margin.
        package var bytes: Int64
        package var files: Int64

        package init(bytes: Int64, files: Int64) {
            self.bytes = bytes
            self.files = files
        }
    }

    package struct Holdings: Sendable {
        /// Newest first.
        package var points: [RecoveryPoint]
        package var unreadable: [UnreadableManifest]
        /// Dumps of ours that no manifest names, newest first.
        package var orphans: [StoredObject]
        package var links: [Link]

        package init(
            points: [RecoveryPoint] = [], unreadable: [UnreadableManifest] = [], orphans: [StoredObject] = [], links: [Link] = []
        ) {
            self.points = points
            self.unreadable = unreadable
            self.orphans = orphans
            self.links = links
        }
    }

    /// One of the `latest` links.
    package struct Link: Sendable, Equatable {
        package var name: String
        package var target: String
        package var isDangling: Bool
        /// The newest backup there is, where the link names an older one.
        package var newer: RecoveryPointID?

        package init(_ name: String, target: String, isDangling: Bool = false, newer: RecoveryPointID? = nil) {
            self.name = name
            self.target = target
            self.isDangling = isDangling
            self.newer = newer
        }
    }

    /// What a folder of ours says of itself.
    package struct Folder: Sendable, Equatable {
        /// False before the first backup.
        package var exists: Bool
        package var mode: UInt32
        package var owner: UInt32
        /// Who we are.
        package var user: UInt32
        package var mayWrite: Bool
        /// Whether its file system takes no writes from anybody.
        package var isReadOnly: Bool
        /// Files of ours that others may read, and files that belong to somebody else.
        package var openFiles: [OpenFile]
        package var foreignFiles: [String]
        /// Hidden files of a run that has ended.
        package var unfinishedFiles: [String]
        /// What keeps one that is not there from being made.
        package var obstacle: Trouble?
        /// The file system that this machine is told to mount at the folder or above it; nil where it is told of none.
        package var mount: Mount?

        package init(
            exists: Bool = true, mode: UInt32 = 0o700, owner: UInt32 = 0, user: UInt32 = 0, mayWrite: Bool = true, isReadOnly: Bool = false,
            openFiles: [OpenFile] = [],
            foreignFiles: [String] = [], unfinishedFiles: [String] = []
        ) {
            self.exists = exists
            self.mode = mode
            self.owner = owner
            self.user = user
            self.mayWrite = mayWrite
            self.isReadOnly = isReadOnly
            self.openFiles = openFiles
            self.foreignFiles = foreignFiles
            self.unfinishedFiles = unfinishedFiles
        }
    }

    /// A line of the table of file systems (fstab(5)).
    package struct Mount: Sendable, Equatable {
        package var place: String
        package var isMounted: Bool

        package init(place: String, isMounted: Bool) {
            self.place = place
            self.isMounted = isMounted
        }
    }
}
