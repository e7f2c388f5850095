import Glibc

/// What a run needed is not needed until the next one, and glibc keeps it: a hundred mebibytes, idle for a day.
enum SpareMemory {
    private typealias Trim = @convention(c) (Int) -> Int32

    /// malloc_trim(3), which Swift's module of glibc lacks. Other libraries have none, and keep less.
    static func giveBack() {
        guard let symbol = dlsym(nil, "malloc_trim") else { return }
        // The manual's signature of that function.
        _ = unsafeBitCast(symbol, to: Trim.self)(0)
    }
}
