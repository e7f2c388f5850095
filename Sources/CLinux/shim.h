#pragma once
// Calls of Linux that Swift does not see: C libraries hide them behind _GNU_SOURCE, or have them as macros only. By number, and so the same with
// every C library.
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/// renameat2(2) with RENAME_NOREPLACE: EEXIST where the new name is taken; EINVAL or ENOSYS where there is no such call.
static inline int linux_rename_unless_taken(const char *old_name, const char *new_name) {
    return (int)syscall(SYS_renameat2, AT_FDCWD, old_name, AT_FDCWD, new_name, 1u);
}

/// FICLONE of ioctl_ficlone(2): all of one file's blocks become another's, too.
static inline int linux_share_blocks(int target, int source) {
    return ioctl(target, _IOW(0x94, 9, int), source);
}
