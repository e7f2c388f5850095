import Glibc

/// The most a process may have a pipe hold where no administrator allows more (`fs.pipe-max-size`; pipe(7)), and what decryption writes at once.
let largestPipe: Int32 = 1 << 20

/// `F_SETPIPE_SZ` and `F_GETPIPE_SZ` of linux/fcntl.h, macros Swift does not see.
private let setPipeCapacity: Int32 = 1031
private let getPipeCapacity: Int32 = 1032

/// Bytes a pipe holds before its writer has to wait (fcntl(2)).
/// - Returns: nil for what is no pipe.
func pipeCapacity(_ descriptor: Int32) -> Int32? {
    let bytes = fcntl(descriptor, getPipeCapacity)
    return bytes < 0 ? nil : bytes
}

/// Has a pipe hold a large block at once: with the usual 64 KiB its ends stop and wake each other sixteen times for that.
///
/// Where the kernel refuses, as all pipes of the user take too much already (EPERM, `fs.pipe-user-pages-soft`) or its limit is a lower one, the pipe
/// stays as it is: that costs time, and nothing else. One that is larger already is never made smaller.
func enlargePipe(_ descriptor: Int32, to bytes: Int32 = largestPipe) {
    guard let held = pipeCapacity(descriptor), held < bytes else { return }
    _ = fcntl(descriptor, setPipeCapacity, bytes)
}
