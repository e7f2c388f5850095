import BackupModel

extension LocalFaultCase {
    static let reading: [LocalFaultCase] = [
        .init(.open, "the file is gone", before: "rm $file", .reported(.artifactMissing, ["there is no such file", "db list"])),
        .init(.open, "the folder is gone", before: noFolder, .reported(.artifactMissing, ["there is no such file or folder"])),
        .init(.open, "a file is in the folder's place", before: fileForFolder, .reported(.storeFailed, ["not a directory"])),
        .init(.open, "a folder has the name", before: folderForFile, .reported(.storeFailed, ["is not a regular file"])),
        .init(
            .open, "a pipe nobody writes to has the name", before: "rm $file; mkfifo $file",
            .reported(.storeFailed, ["is not a regular file"])),
        .init(
            .open, "a device has the name", on: .smallDisk, before: "rm $file; mknod $file c 1 5",
            .reported(.storeFailed, ["is not a regular file"])),
        .init(.open, "it is a link to what is not there", before: danglingFile, .reported(.artifactMissing, ["there is no such file"])),
        .init(.open, "it is a link to itself", before: loopingFile, .reported(.storeFailed, ["too many levels of symbolic links"])),
        .init(.open, "the name is too long", key: tooLong, .reported(.storeFailed, ["file name too long"])),
        .init(
            .open, "the file is another account's", on: .strange, before: "chmod 600 $file",
            .reported(.storeFailed, ["cannot open", "permission denied", "belongs to user id 0 with mode 600"])),
        .init(
            .open, "the folder is another account's", on: .strange, before: closed,
            .reported(.storeFailed, ["permission denied", "mode 700"])),
        .init(.read, "it is cut off meanwhile", meanwhile: ": >$file", .reported(.storeFailed, ["became shorter while it was read"])),
        .init(.read, "one byte is cut off meanwhile", meanwhile: "truncate -s -1 $file", .reported(.storeFailed, ["became shorter"])),
        .init(.read, "it is deleted meanwhile", meanwhile: "rm $file", .survived),
        .init(.read, "another file takes its place meanwhile", meanwhile: "printf other >backups/b; mv backups/b $file", .survived),
        .init(.read, "the folder is moved away meanwhile", meanwhile: "mv backups elsewhere", .survived),
        .init(.read, "the file system became read-only", on: .smallDisk, before: readOnly, .survived),
        .init(.list, "the folder is gone", before: noFolder, .reported(.artifactMissing, ["there is no folder"])),
        .init(.list, "a file is in the folder's place", before: fileForFolder, .reported(.storeFailed, ["not a directory"])),
        .init(
            .list, "the folder is a link to what is not there", before: danglingFolder,
            .reported(.artifactMissing, ["there is no folder"])),
        .init(
            .list, "the folder is a link to itself", before: loopingFolder,
            .reported(.storeFailed, ["too many levels of symbolic links"])),
        .init(
            .list, "the folder is another account's", on: .strange, before: closed,
            .reported(.storeFailed, ["cannot list", "permission denied", "mode 700"])),
        .init(
            .list, "pipes, folders, links to nowhere and names that are no text lie beside", on: .smallDisk,
            before: "cd backups; mkfifo pipe; mkdir folder; ln -s nowhere dangling; ln -s loop loop; touch $'\\xff\\xfe' .hidden", .survived
        ),
        .init(
            .space, "the folder is gone", before: noFolder,
            .reported(.storeFailed, ["cannot measure the space", "the folder is not there"])),
        .init(
            .space, "the folder is a link to itself", before: loopingFolder,
            .reported(.storeFailed, ["too many levels of symbolic links"])),
    ]
}
