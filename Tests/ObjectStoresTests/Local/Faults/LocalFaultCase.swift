import BackupModel
import BackupTestKit
import Glibc
import SystemPackage
import Testing

/// One thing that is wrong with a folder, and what is to come of it.
struct LocalFaultCase: Sendable, CustomTestStringConvertible {
    enum Outcome: Sendable {
        /// As if nothing had been.
        case survived
        /// An error of that code, with these words in its message or hint; the folder is then as it was.
        case reported(BackupError.Code, [String])
    }

    /// Where the folder is.
    enum Ground: Sendable {
        case disk
        /// One of 1 MiB, in memory.
        case smallDisk
        /// One where 1 MiB may be used.
        case quota
        /// It and all in it belong to root, and whoever is at work is somebody else.
        case strange
    }

    var errand: LocalErrand
    var testDescription: String
    var ground: Ground
    /// Script of a shell in the folder above, before; the folder is `backups`, the file `$file`.
    var before: String
    /// The same, in the midst of it.
    var meanwhile: String
    var key: String
    var outcome: Outcome

    init(
        _ errand: LocalErrand, _ description: String, on ground: Ground = .disk, before: String = "", meanwhile: String = "",
        key: String = LocalErrand.key, _ outcome: Outcome
    ) {
        self.errand = errand
        testDescription = "\(errand.rawValue): \(description)"
        self.ground = ground
        self.before = before
        self.meanwhile = meanwhile
        self.key = key
        self.outcome = outcome
    }
}

extension LocalFaultCase.Ground {
    /// Runs `body` in a place of the kind; where none can be had the test ends as skipped.
    func with(_ body: (FilePath) async throws -> Void) async throws {
        switch self {
        case .disk: try await withTemporaryFolder(body)
        case .smallDisk: try await SmallFilesystem.with(mebibytes: 1, body)
        case .quota:
            try await ReflinkFilesystem.with { place in
                try await Command("bash", ["-ec", "btrfs quota enable \"$0\" && btrfs qgroup limit 1M 0/5 \"$0\"", place.string]).output()
                try await body(place)
            }
        case .strange:
            guard geteuid() == 0 else { try Test.cancel("to act as another account takes root") }
            try await withTemporaryFolder(body)
        }
    }
}

extension LocalFaultCase {
    static let readOnly = "mount -o remount,ro ."
    static let full = "cat /dev/zero >backups/.ballast || true"
    /// Room for as many names as there are, and `more`.
    static func names(andMore more: Int) -> String { "mount -o remount,nr_inodes=$(($(find . | wc -l) + \(more))) ." }
    static let noFolder = "rm -r backups"
    static let fileForFolder = "rm -r backups; touch backups"
    static let danglingFolder = "rm -r backups; ln -s nowhere backups"
    static let loopingFolder = "rm -r backups; ln -s backups backups"
    static let folderForFile = "rm -f $file; mkdir $file"
    static let danglingFile = "rm -f $file; ln -s nowhere $file"
    static let loopingFile = "rm -f $file; ln -s \"$(basename $file)\" $file"
    static let closed = "chmod 700 backups"
    static let tooLong = String(repeating: "a", count: 300)
}
