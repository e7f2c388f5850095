import Glibc

/// What a run needed is not needed until the next one, and glibc keeps it: a hundred mebibytes, idle for a day.
enum SpareMemory {
    private typealias Trim = @convention(c) (Int) -> Int32
    private typealias Option = @convention(c) (Int32, Int32) -> Int32

    /// Has threads share two of glibc's arenas. It makes up to eight a processor, and a thread takes another one than the run before: what is in use for good,
    /// and cannot be given back, lies scattered over all of them, three times as much as in two. Runs take large blocks, and seldom.
    static func shareArenas() {
        guard let symbol = dlsym(nil, "mallopt") else { return }
        // The manual's signature of that function, and M_ARENA_MAX of <malloc.h>.
        _ = unsafeBitCast(symbol, to: Option.self)(-8, 2)
    }

    /// malloc_trim(3), which Swift's module of glibc lacks. Other libraries have none, and keep less.
    static func giveBack() {
        guard let symbol = dlsym(nil, "malloc_trim") else { return }
        // The manual's signature of that function.
        _ = unsafeBitCast(symbol, to: Trim.self)(0)
    }
}
