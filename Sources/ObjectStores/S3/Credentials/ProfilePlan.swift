import BackupModel

/// How a profile says its credentials are got. Pure: read from the profiles, carried out by `ProfileCredentials`.
indirect enum ProfilePlan: Sendable, Equatable {
    case keys(id: String, secret: Secret, token: Secret?)
    case assume(AssumedRole, from: ProfilePlan)
    case webIdentity(AssumedRole, tokenFile: String)
    /// `credential_source`: Environment, EcsContainer or Ec2InstanceMetadata.
    case source(String)
    /// The profile says nothing of credentials.
    case none(String)
}

/// What is asked of the token service (STS).
struct AssumedRole: Sendable, Equatable {
    var arn: String
    var session: String?
    var externalID: String?
    /// Seconds.
    var duration: Int?
    /// The region the profile names, for the token service's address.
    var region: String?
}

extension SharedProfiles {
    /// - Throws: `.invalidConfiguration` with the word "credential" for what cannot be followed: loops, missing profiles, half a pair of keys, and
    ///   the ways that need a person or a program of somebody else's.
    func plan(for name: String) throws -> ProfilePlan { try plan(for: name, after: []) }

    private func plan(for name: String, after seen: [String]) throws -> ProfilePlan {
        guard let profile = profiles[name] else {
            if seen.isEmpty { return .none("there is no profile “\(name)”") }
            throw unusable(seen[seen.count - 1], "its source_profile “\(name)” is nowhere")
        }
        guard let arn = profile["role_arn"] else { return try profile.ownPlan() }
        try profile.refuse("mfa_serial", "it asks for a one-time password, and nobody is there to type it")
        var role = AssumedRole(arn: arn, session: profile["role_session_name"], externalID: profile["external_id"])
        role.duration = profile["duration_seconds"].flatMap { Int($0) }
        role.region = profile["region"]
        if let file = profile["web_identity_token_file"] { return .webIdentity(role, tokenFile: file) }
        if let source = profile["source_profile"] {
            return .assume(role, from: try source == name ? profile.ownPlan() : chain(source, seen + [name]))
        }
        if let source = profile["credential_source"] { return .assume(role, from: .source(source)) }
        throw unusable(name, "it has a role_arn, and neither a source_profile nor a credential_source to assume the role with")
    }

    private func chain(_ source: String, _ seen: [String]) throws -> ProfilePlan {
        guard !seen.contains(source) else {
            throw unusable(source, "its source_profile leads back to itself: \((seen + [source]).joined(separator: " → "))")
        }
        let plan = try plan(for: source, after: seen)
        if case .none(let why) = plan { throw unusable(seen[seen.count - 1], "its source_profile is of no use: \(why)") }
        return plan
    }
}

extension AWSProfile {
    fileprivate func ownPlan() throws -> ProfilePlan {
        switch (self["aws_access_key_id"], self["aws_secret_access_key"]) {
        case (let id?, let secret?): return .keys(id: id, secret: Secret(secret), token: self["aws_session_token"].map { Secret($0) })
        case (_?, nil): throw unusable(name, "it has an aws_access_key_id without its aws_secret_access_key")
        case (nil, _?): throw unusable(name, "it has an aws_secret_access_key without its aws_access_key_id")
        case (nil, nil): break
        }
        if let source = self["credential_source"] { return .source(source) }
        try refuse("credential_process", "programs that somebody else wrote are not run for credentials")
        try refuse("sso_session", "single sign-on needs a person at a browser")
        try refuse("sso_start_url", "single sign-on needs a person at a browser")
        return .none("the profile “\(name)” holds no keys and names no role")
    }

    fileprivate func refuse(_ property: String, _ why: String) throws {
        guard self[property] == nil else { throw unusable(name, "it has \(property): \(why)") }
    }
}

private func unusable(_ profile: String, _ why: String) -> BackupError {
    BackupError(
        .invalidConfiguration, "the AWS profile “\(profile)” gives no credentials: \(why)",
        hint: "Give the profile keys, or a role_arn with a source_profile; or name another one in AWS_PROFILE.",
        obstacle: .credentials)
}
