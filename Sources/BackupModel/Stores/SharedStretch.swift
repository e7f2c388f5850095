/// Bytes of a file that take up no room of their own: they lie where those of another file lie.
package struct SharedStretch: Sendable, Equatable {
    /// Where they lie on the disk, in bytes.
    package var place: Int64
    package var bytes: Int64

    package init(place: Int64, bytes: Int64) {
        self.place = place
        self.bytes = bytes
    }
}
