/// Expands the bodies of members. An object of its own because the C state behind it is large and kept between members.
protocol BodyExpander: AnyObject {
    /// Expands a whole body into exactly `text`; anything that does not fit it to the byte is an error.
    func expand(_ body: UnsafeRawBufferPointer, into text: UnsafeMutableRawBufferPointer) throws(DumpFormatError)
}
