/// Whether a change comes from a page of ours, or from no page at all.
enum Origin {
    /// Browsers name the page's own origin with every POST; programs do not.
    /// - Parameter authority: the request's `Host`.
    static func isOurs(_ origin: String?, site: String?, authority: String) -> Bool {
        if let site, site != "same-origin", site != "none" { return false }
        guard let origin else { return true }
        return origin == "http://\(authority)" || origin == "https://\(authority)"
    }
}
