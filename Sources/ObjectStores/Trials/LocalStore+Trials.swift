package import BackupModel
import CLinux
import Glibc

/// What a folder's file system has to show: the calls this store and its aliases rest on.
extension LocalStore: ProvableStore {
    package func ownTrials(_ name: String, on bench: TrialBench, context: RunContext) async {
        let scratch = FileTrial(folder: root, name: name)
        for (title, check) in [
            ("sync", scratch.sync), ("hard links", scratch.hardLinks), ("rename", scratch.rename), ("symlinks", scratch.symlinks),
            ("locks", scratch.locks), ("rights", scratch.rights), ("copy-on-write", scratch.copyOnWrite),
        ] as [(String, @Sendable () throws -> Trial)] {
            await bench.run(title) { try await blocking { try scratch.cleaning(check) } }
        }
        await bench.run("space") { try await roomTrial() }
    }

    private func roomTrial() async throws -> Trial {
        let space = try await space()
        let used = space.totalBytes == 0 ? 0 : 100 - Int(space.freeBytes * 100 / space.totalBytes)
        let inodes = space.freeInodes > 0 ? ", \(space.freeInodes.counted("inode")) free" : ""
        let message = "\(ByteSize(space.freeBytes)) of \(ByteSize(space.totalBytes)) are free\(inodes)"
        guard used > 90 else { return Trial("space", message) }
        return Trial(
            "space", message, .lacking(hint: "Free space (`df -h \(Shell.quoted(root))`), or set BACKUP_DIR to a larger file system."))
    }
}

/// Tries single calls on hidden files, under names that leftovers are known by.
private struct FileTrial: Sendable {
    let folder: String
    let name: String

    private var first: String { "\(folder)/.\(name).partial-\(getpid())-1" }
    private var second: String { "\(folder)/.\(name).partial-\(getpid())-2" }

    func cleaning(_ check: () throws -> Trial) throws -> Trial {
        defer { for path in [first, second] { unlink(path) } }
        return try check()
    }

    func sync() throws -> Trial {
        let file = try create()
        defer { close(file) }
        try posix("sync", first) { fsync(file) }
        try syncFolder(folder)
        return Trial("sync", "files and the folder can be forced onto the disk")
    }

    func hardLinks() throws -> Trial {
        close(try create())
        guard link(first, second) != 0 else { return Trial("hard links", "a name that is taken at the same moment is never replaced") }
        guard NameTaking.meansNoSecondName(errno), errno != ENOSPC else { throw localFailure(errno, "link", second) }
        guard linux_rename_unless_taken(first, second) != 0 else {
            return Trial("hard links", "none here, but a rename that never replaces a name that is taken at the same moment")
        }
        guard NameTaking.meansNoExclusiveRename(errno) else { throw localFailure(errno, "rename", first) }
        return Trial(
            "hard links", "this file system has none, and no rename that refuses a taken name",
            .lacking(hint: "Backups work, and none is replaced; only is an empty file seen for an instant before each of them is there."))
    }

    func rename() throws -> Trial {
        close(try create())
        close(try create(second))
        try posix("rename", first) { Glibc.rename(first, second) }
        guard access(first, F_OK) != 0, access(second, F_OK) == 0 else { return .lies("rename", "after a rename both names are there") }
        return Trial("rename", "a file takes another one's place in one step")
    }

    func symlinks() throws -> Trial {
        guard symlink("storage-check", first) != 0 else { return Trial("symlinks", "the `latest` links can be made") }
        guard LocalStore.meansNoLinks(errno) else { throw localFailure(errno, "link", first) }
        return Trial(
            "symlinks", "this file system has none",
            .lacking(hint: "Backups work; there are no `latest` links then, so name backups by their IDs, or `latest` to these programs."))
    }

    func locks() throws -> Trial {
        let holder = try create()
        defer { close(holder) }
        let other = try posix("open", first) { open(first, O_RDWR | O_CLOEXEC) }
        defer { close(other) }
        let hint = "Backups work; only do not let two hosts change this folder's backups at the same time."
        guard flock(holder, LOCK_EX | LOCK_NB) == 0 else {
            return Trial("locks", "this file system has no locks", .lacking(hint: hint))
        }
        guard flock(other, LOCK_EX | LOCK_NB) != 0 else {
            return Trial("locks", "two can hold the same lock at once", .lacking(hint: hint))
        }
        return Trial("locks", "two that change one manifest take turns")
    }

    func rights() throws -> Trial {
        close(try create())
        guard let facts = FileFacts(first) else { throw localFailure(errno, "examine", first) }
        let mode = String(facts.mode & 0o777, radix: 8)
        guard facts.mode & 0o077 == 0 else {
            return Trial(
                "rights", "files made for their owner alone have mode \(mode) here",
                .lacking(hint: "Mount the file system so that others cannot read it (umask, dmask, fmask): backups hold everything."))
        }
        return Trial("rights", "files are for their owner alone (mode \(mode))")
    }

    /// Good to know, and nothing to want.
    func copyOnWrite() throws -> Trial {
        let source = try create()
        defer { close(source) }
        let target = try create(second)
        defer { close(target) }
        let isShared = linux_share_blocks(target, source) == 0
        return Trial(
            "copy-on-write", isShared ? "copies within this file system share their blocks" : "not here: copies take their full size")
    }

    private func create(_ path: String? = nil) throws -> Int32 {
        let path = path ?? first
        let file = try posix("create", path) { open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600) }
        do { try posix("write", path) { Int32(clamping: Glibc.write(file, "storage check\n", 14)) } } catch {
            close(file)
            throw error
        }
        return file
    }
}
