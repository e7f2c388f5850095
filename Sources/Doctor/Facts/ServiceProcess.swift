/// The process that is the service of this installation. A machine may have others of the same name, which are nobody's to end here.
package enum ServiceProcess: Sendable, Equatable {
    case known(Int32)
    /// None runs on this machine.
    case absent
    /// Those that run do not show whose they are or are not all seen, or it was not looked.
    case hidden
}
