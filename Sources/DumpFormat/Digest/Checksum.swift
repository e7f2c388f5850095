import CXXHash

/// XXH3-128 of a stream of bytes.
package struct Checksum: ~Copyable {
    private let state: OpaquePointer

    package init() {
        guard let state = XXH3_createState() else { preconditionFailure("out of memory") }
        self.state = state
        XXH3_128bits_reset(state)
    }

    deinit {
        XXH3_freeState(state)
    }

    package mutating func update(_ bytes: UnsafeRawBufferPointer) {
        XXH3_128bits_update(state, bytes.baseAddress, bytes.count)
    }

    package mutating func update(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { update($0) }
    }

    /// The digest of everything so far; more can follow.
    package var value: UInt128 { UInt128(XXH3_128bits_digest(state)) }

    /// `value` as 32 lowercase hex digits.
    package var hex: String { value.hexDigits }

    /// The digest of bytes that are already in one place.
    package static func value(of bytes: UnsafeRawBufferPointer) -> UInt128 {
        UInt128(XXH3_128bits(bytes.baseAddress, bytes.count))
    }

    package static func hex(of bytes: [UInt8]) -> String {
        bytes.withUnsafeBytes { value(of: $0).hexDigits }
    }
}
