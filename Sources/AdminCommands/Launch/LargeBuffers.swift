import Glibc

/// Buffers of a mebibyte come and go all the time, and glibc hands each of them back to the kernel, which then has to find and clear new pages: a
/// third of the time of decrypting.
package enum LargeBuffers {
    /// The size up to which they are kept for the next one.
    private static let limit = 4 << 20

    /// Once a block has been freed, glibc takes blocks up to its size from what it keeps, and keeps twice as much: the "dynamic mmap threshold" of
    /// mallopt(3). Other libraries do nothing here.
    package static func keep() {
        guard let block = malloc(limit) else { return }
        // So that the compiler does not see that nothing is done with it.
        explicit_bzero(block, 1)
        free(block)
    }
}
