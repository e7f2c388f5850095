import Glibc

/// Writes that end a program where nobody has asked for anything else.
package enum FatalWrites {
    /// A reader that goes away (SIGPIPE), and a file that outgrows `ulimit -f` (SIGXFSZ), are errors of the write, EPIPE and EFBIG, and not the end of
    /// a backup. Programs that are started from here inherit it, and say in words what they could not write.
    package static func becomeErrors() {
        for number in [SIGPIPE, SIGXFSZ] { signal(number, SIG_IGN) }
    }
}
