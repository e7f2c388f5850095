/// Where an operator has named a bucket.
package enum BucketOrigin: Sendable {
    case settings
    /// On the command line.
    case url

    /// - Parameter setting: what it would be named by.
    func text(_ setting: String) -> String {
        switch self {
        case .settings: setting
        case .url: "the URL that was given"
        }
    }
}
