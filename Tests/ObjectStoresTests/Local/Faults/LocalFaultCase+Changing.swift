import BackupModel

extension LocalFaultCase {
    static let changing: [LocalFaultCase] = [
        .init(.delete, "the file is gone", before: "rm $file", .survived),
        .init(.delete, "the folder is gone", before: noFolder, .survived),
        .init(.delete, "it is a link to itself", before: loopingFile, .survived),
        .init(.delete, "the disk is full", on: .smallDisk, before: full, .survived),
        .init(
            .delete, "the file system is read-only", on: .smallDisk, before: readOnly,
            .reported(.storeReadOnly, ["cannot delete", "the file system is read-only"])),
        .init(.delete, "a folder has the name", before: folderForFile, .reported(.storeFailed, ["cannot delete", "is a directory"])),
        .init(.delete, "a file is in the folder's place", before: fileForFolder, .reported(.storeFailed, ["not a directory"])),
        .init(.delete, "the name is too long", key: tooLong, .reported(.storeFailed, ["file name too long"])),
        .init(
            .delete, "the folder is another account's", on: .strange,
            .reported(.storeFailed, ["cannot delete", "permission denied"])),
        .init(
            .delete, "the file must not be changed, not even by root", on: .smallDisk, before: "chattr +i $file",
            .reported(.storeFailed, ["cannot delete", "permission denied"])),
        .init(.update, "the file is gone", before: "rm $file", .reported(.artifactMissing, ["there is no such file"])),
        .init(.update, "a folder has the name", before: folderForFile, .reported(.storeFailed, ["is a directory"])),
        .init(.update, "it is a link to what is not there", before: danglingFile, .reported(.artifactMissing, ["there is no such file"])),
        .init(.update, "the disk is full", on: .smallDisk, before: full, .reported(.outOfSpace, ["no space left on the disk"])),
        .init(
            .update, "the file system has no inode left", on: .smallDisk, before: names(andMore: 0),
            .reported(.outOfSpace, ["no inodes left"])),
        .init(
            .update, "the file system is read-only", on: .smallDisk, before: readOnly,
            .reported(.storeReadOnly, ["the file system is read-only"])),
        .init(
            .update, "the file is another account's", on: .strange,
            .reported(.storeFailed, ["cannot open", "permission denied", "mode 644"])),
        .init(
            .update, "only the folder is another account's", on: .strange, before: "chmod 666 $file",
            .reported(.storeFailed, ["cannot create", "permission denied"])),
        .init(
            .update, "the folder must not be changed, not even by root", on: .smallDisk, before: "chattr +i backups",
            .reported(.storeFailed, ["permission denied"])),
        .init(.alias, "a folder has the name", before: "mkdir backups/latest.sql.gz", .reported(.storeFailed, ["is a directory"])),
        .init(
            .alias, "the file system has no inode left", on: .smallDisk, before: names(andMore: 0),
            .reported(.outOfSpace, ["no inodes left"])),
        .init(
            .alias, "the file system is read-only", on: .smallDisk, before: readOnly,
            .reported(.storeReadOnly, ["the file system is read-only"])),
        .init(.alias, "the folder is gone", before: noFolder, .reported(.storeFailed, ["the folder is not there"])),
        .init(.alias, "the folder is another account's", on: .strange, .reported(.storeFailed, ["cannot link", "permission denied"])),
        .init(.leftovers, "the folder is gone", before: noFolder, .survived),
        .init(.leftovers, "a file is in the folder's place", before: fileForFolder, .reported(.storeFailed, ["not a directory"])),
        .init(
            .leftovers, "the folder is another account's", on: .strange, before: closed, .reported(.storeFailed, ["permission denied"])),
    ]
}
