/// The index document as empty members: the compressed JSON cut into pages of 65,000 bytes, the last one shorter.
enum IndexPages {
    /// No index is believed to be longer than this.
    static let maxDocumentBytes = 1 << 30

    static func pages(of document: [UInt8], container: Container) -> [UInt8] {
        stride(from: 0, to: document.count, by: Subfield.maxContentBytes).flatMap { start in
            let content = document[start..<min(start + Subfield.maxContentBytes, document.count)]
            return container.emptyMember(Subfield(id: .indexPage, content: Array(content)))
        }
    }

    /// The compressed document inside the pages. Pages have one allowed form, so they must equal the ones made of it.
    static func document(in pages: [UInt8], container: Container) throws(DumpFormatError) -> [UInt8] {
        let fullPage = container.emptyMemberBytes(contentBytes: Subfield.maxContentBytes)
        let overhead = fullPage - Subfield.maxContentBytes
        var document: [UInt8] = []
        for start in stride(from: 0, to: pages.count, by: fullPage) {
            let page = pages[start..<min(start + fullPage, pages.count)]
            guard page.count > overhead else { throw DumpFormatError(.indexDamaged("a page is too short")) }
            document += page.dropFirst(container.emptyContentOffset).prefix(page.count - overhead)
        }
        guard self.pages(of: document, container: container) == pages else {
            throw DumpFormatError(.indexDamaged("a page is malformed"))
        }
        return document
    }

    /// Raw deflate in both containers, so that every reader can read the index.
    static func compress(_ json: [UInt8]) throws(DumpFormatError) -> [UInt8] {
        var document: [UInt8] = []
        try json.withRawBytes { (bytes) throws(DumpFormatError) in
            try Deflater(level: Deflater.documentLevel).compress([bytes], into: &document)
        }
        return document
    }

    /// `jsonBytes` comes from the file: it is believed only as far as deflate can expand what is there.
    static func expand(_ document: [UInt8], jsonBytes: Int) throws(DumpFormatError) -> [UInt8] {
        guard jsonBytes <= maxDocumentBytes, jsonBytes <= (document.count + 16) * 1_040 else {
            throw DumpFormatError(.indexDamaged("its length is impossible"))
        }
        var json = [UInt8](repeating: 0, count: jsonBytes)
        do {
            try document.withRawBytes { (body) throws(DumpFormatError) in
                try json.withMutableRawBytes { (text) throws(DumpFormatError) in try Inflater().expand(body, into: text) }
            }
        } catch {
            throw DumpFormatError(.indexDamaged("it does not inflate"))
        }
        return json
    }
}
