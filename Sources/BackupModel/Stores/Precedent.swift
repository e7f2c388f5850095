/// Where bytes may stand already: at a place in a file of an earlier backup. A hint and no more: a store that means to use its own file of that name
/// makes sure that the bytes there are the same.
package struct Precedent: Sendable, Equatable {
    /// The file's key, the same in every store.
    package var key: String
    /// Where in it the first of the bytes stands.
    package var offset: Int64

    package init(key: String, offset: Int64) {
        self.key = key
        self.offset = offset
    }

    /// Of what follows so many bytes later.
    package func advanced(by count: Int) -> Precedent { Precedent(key: key, offset: offset + Int64(count)) }
}
