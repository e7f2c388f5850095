import BackupModel

extension LocalFaultCase {
    static let storing: [LocalFaultCase] = [
        .init(.putLarge, "the disk fills up", on: .smallDisk, .reported(.outOfSpace, ["no space left on the disk", "df -h"])),
        .init(.putSmall, "the disk is full already", on: .smallDisk, before: full, .reported(.outOfSpace, ["no space left on the disk"])),
        .init(
            .putSmall, "the file system has no inode left", on: .smallDisk, before: names(andMore: 0),
            .reported(.outOfSpace, ["no inodes left", "df -i"])),
        .init(.putSmall, "there is no inode for a second name", on: .smallDisk, before: names(andMore: 1), .survived),
        .init(.putLarge, "the quota is used up", on: .quota, .reported(.outOfSpace, ["the disk quota is used up", "quota"])),
        .init(
            .putSmall, "the file system is read-only", on: .smallDisk, before: readOnly,
            .reported(.storeReadOnly, ["cannot create", "the file system is read-only", "remount"])),
        .init(.putSmall, "there is no folder yet", before: noFolder, .survived),
        .init(.putSmall, "a file is in the folder's place", before: fileForFolder, .reported(.storeFailed, ["not a directory"])),
        .init(
            .putSmall, "the folder is a link to what is not there", before: danglingFolder,
            .reported(.storeFailed, ["the folder is not there", "mounted"])),
        .init(
            .putSmall, "the folder is a link to itself", before: loopingFolder,
            .reported(.storeFailed, ["too many levels of symbolic links"])),
        .init(.putSmall, "the file is there already", before: "printf other >$file", .reported(.targetExists, ["is there already"])),
        .init(
            .putSmall, "somebody else stores it meanwhile", meanwhile: "printf other >$file",
            .reported(.targetExists, ["is there already", "nothing is overwritten"])),
        .init(
            .putSmall, "somebody else stores it meanwhile, and there is no inode for a second name", on: .smallDisk,
            before: names(andMore: 2), meanwhile: "printf other >$file", .reported(.targetExists, ["is there already"])),
        .init(.putSmall, "a folder has the name", before: folderForFile, .reported(.targetExists, ["is there already"])),
        .init(.putSmall, "a folder takes the name meanwhile", meanwhile: folderForFile, .reported(.targetExists, ["is there already"])),
        .init(.putSmall, "a link to what is not there has the name", before: danglingFile, .reported(.targetExists, ["is there already"])),
        .init(.putSmall, "a link to itself has the name", before: loopingFile, .reported(.targetExists, ["is there already"])),
        .init(
            .putSmall, "the folder is removed meanwhile", meanwhile: noFolder,
            .reported(.storeFailed, ["the folder is not there, or went away", "mounted"])),
        .init(
            .putSmall, "its unfinished file is removed meanwhile", meanwhile: "rm backups/.*.partial-*",
            .reported(.storeFailed, ["its unfinished file is not in the folder any more", "findmnt"])),
        .init(.putSmall, "the name is too long", key: tooLong, .reported(.storeFailed, ["file name too long"])),
        .init(
            .putSmall, "only with what marks it as unfinished is the name too long", key: String(tooLong.prefix(250)),
            .reported(.storeFailed, ["file name too long"])),
        .init(
            .putSmall, "the folder is another account's", on: .strange,
            .reported(.storeFailed, ["permission denied", "belongs to user id 0 with mode 755"])),
        .init(
            .putSmall, "the folder is another account's and closed", on: .strange, before: closed,
            .reported(.storeFailed, ["permission denied", "mode 700"])),
        .init(
            .putSmall, "the folder is missing, and cannot be made", on: .strange, before: noFolder,
            .reported(.storeFailed, ["cannot create the folder", "permission denied"])),
        .init(
            .putSmall, "the folder must not be changed, not even by root", on: .smallDisk, before: "chattr +i backups",
            .reported(.storeFailed, ["permission denied"])),
    ]
}
