#pragma once
// Calls of Linux that Swift does not see: C libraries hide them behind _GNU_SOURCE, or have them as macros only. By number, and so the same with
// every C library.
#include <fcntl.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/// renameat2(2) with RENAME_NOREPLACE: EEXIST where the new name is taken; EINVAL or ENOSYS where there is no such call.
static inline int linux_rename_unless_taken(const char *old_name, const char *new_name) {
    return (int)syscall(SYS_renameat2, AT_FDCWD, old_name, AT_FDCWD, new_name, 1u);
}

/// sync_file_range(2) with SYNC_FILE_RANGE_WRITE: what was written of the range is on its way to the disk; errors are told by a later fsync(2).
static inline int linux_begin_writeback(int file, int64_t offset, int64_t length) {
    return (int)syscall(SYS_sync_file_range, file, offset, length, 2u);
}

/// FICLONE of ioctl_ficlone(2): all of one file's blocks become another's, too.
static inline int linux_share_blocks(int target, int source) {
    return ioctl(target, _IOW(0x94, 9, int), source);
}

/// struct file_clone_range of linux/fs.h, which cannot be included everywhere.
struct linux_clone_range {
    int64_t source;
    uint64_t source_offset;
    uint64_t length;
    uint64_t target_offset;
};

/// FICLONERANGE of ioctl_ficlonerange(2): blocks of one file become another's, too.
static inline int linux_share_range(int target, int source, int64_t source_offset, int64_t length, int64_t target_offset) {
    struct linux_clone_range range = {source, (uint64_t)source_offset, (uint64_t)length, (uint64_t)target_offset};
    return ioctl(target, _IOW(0x94, 13, struct linux_clone_range), &range);
}

/// struct fiemap_extent of linux/fiemap.h: where a stretch of a file lies.
struct linux_extent {
    uint64_t offset;
    uint64_t place;
    uint64_t length;
    uint64_t reserved_words[2];
    uint32_t flags;
    uint32_t reserved[3];
};

/// struct fiemap: a question about a stretch of a file, and room for the answer.
struct linux_extents {
    uint64_t offset;
    uint64_t length;
    uint32_t flags;
    uint32_t found;
    uint32_t room;
    uint32_t reserved;
    struct linux_extent extents[64];
};

/// FS_IOC_FIEMAP of linux/fs.h; its number counts the question alone. EOPNOTSUPP where the file system does not say.
static inline int linux_find_extents(int file, struct linux_extents *extents) {
    return ioctl(file, _IOC(_IOC_READ | _IOC_WRITE, 'f', 11, 32), extents);
}
