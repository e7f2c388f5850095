/// How long after a slot a host begins, so that many hosts with one schedule do not all read and write at the same moment. The same host always waits
/// the same time: its backups stay as far apart as their slots.
package struct HostDelay: Sendable, Equatable {
    package let delay: Duration

    /// - Parameter bound: no host waits as long as this.
    package init(of host: String, below bound: Duration) {
        let bound = UInt64(clamping: bound.components.seconds * 1000)
        delay = bound == 0 ? .zero : .milliseconds(Self.hash(host) % bound)
    }

    /// FNV-1a and the finalizer of MurmurHash3: names of hosts differ in their last letter, and all bits shall.
    private static func hash(_ text: String) -> UInt64 {
        var hash = text.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        hash = (hash ^ (hash >> 33)) &* 0xff51_afd7_ed55_8ccd
        hash = (hash ^ (hash >> 33)) &* 0xc4ce_b9fe_1a85_ec53
        return hash ^ (hash >> 33)
    }
}
