/// Where AWS's token service is asked, and which region the request is signed for. Pure.
struct STSEndpoint: Sendable, Equatable {
    var url: String
    var region: String

    /// AWS_ENDPOINT_URL_STS and AWS_ENDPOINT_URL go before the region's own endpoint; without a region it is the old global one, which lives in
    /// us-east-1 ("AWS STS Regional endpoints" and "Service-specific endpoints" of the SDKs' reference guide).
    init(environment: [String: String], region named: String?) {
        let given = [named, environment["AWS_REGION"], environment["AWS_DEFAULT_REGION"]].compactMap { $0 }.first { !$0.isEmpty }
        region = given ?? "us-east-1"
        let suffix = region.hasPrefix("cn-") ? "amazonaws.com.cn" : "amazonaws.com"
        let standard = given == nil ? "https://sts.amazonaws.com" : "https://sts.\(region).\(suffix)"
        let overrides = ["AWS_ENDPOINT_URL_STS", "AWS_ENDPOINT_URL"].compactMap { environment[$0] }
        let chosen = environment["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"]?.lowercased() == "true" ? nil : overrides.first { !$0.isEmpty }
        url = (chosen ?? standard).hasSuffix("/") ? (chosen ?? standard) : (chosen ?? standard) + "/"
    }
}
