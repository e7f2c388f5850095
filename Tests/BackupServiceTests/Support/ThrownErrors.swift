import Glibc

/// Swift Testing keeps, of every error that is thrown, where it was thrown, until the test ends: in one that lasts for thousands of runs this is the memory that
/// grows.
enum ThrownErrors {
    private typealias Handler = @convention(c) (UnsafeMutableRawPointer) -> Void
    private typealias SetHandler = @convention(c) (Handler?) -> Void

    /// For a process of a test's own.
    static func forget() {
        // The function of Swift's runtime by which Swift Testing gets to hear of errors.
        guard let symbol = dlsym(nil, "_swift_setWillThrowHandler") else { return }
        unsafeBitCast(symbol, to: SetHandler.self)(nil)
    }
}
