/// What a server that writes a copy by a forked child needs of its machine's memory, and what there is.
package struct ForkMemory: Sendable, Equatable {
    package let heldBytes: Int64
    package let availableBytes: Int64
    /// `vm.overcommit_memory`; nil where it is not known.
    package let overcommit: Int?

    package init(heldBytes: Int64, availableBytes: Int64, overcommit: Int?) {
        self.heldBytes = heldBytes
        self.availableBytes = availableBytes
        self.overcommit = overcommit
    }

    /// The kernel counts the child as if it needed all of it again; where it is 1 every fork passes (kernel.org, "Overcommit Accounting").
    package var mayBeRefused: Bool { overcommit.map { $0 != 1 } == true && heldBytes > availableBytes }

    /// Every page that is written to meanwhile exists twice.
    package var isShort: Bool { heldBytes / 2 > availableBytes }
}
