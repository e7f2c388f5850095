/// Where AWS's credentials are looked for. What a container's runtime sets for itself (`AWS_CONTAINER_…`) is in the process's environment and nowhere else.
extension Setting {
    static let awsAccessKeyID = Setting(
        "AWS_ACCESS_KEY_ID", "s3.access_key_id", .text,
        "The access key. Unset: profiles, web identity, container and instance roles are asked, as AWS's programs do.")
    static let awsSecretAccessKey = Setting("AWS_SECRET_ACCESS_KEY", "s3.secret_access_key", .text, isSecret: true, "Its secret.")
    static let awsSessionToken = Setting(
        "AWS_SESSION_TOKEN", "s3.session_token", .text, isSecret: true, "The token of temporary credentials.")
    static let awsWebIdentityTokenFile = Setting(
        "AWS_WEB_IDENTITY_TOKEN_FILE", "s3.web_identity_token_file", .path,
        "The file of a token that AWS_ROLE_ARN trusts, exchanged for that role's credentials.")
    static let awsRoleARN = Setting("AWS_ROLE_ARN", "s3.role_arn", .text, "The role that the web identity assumes.")
    static let awsRoleSessionName = Setting(
        "AWS_ROLE_SESSION_NAME", "s3.role_session_name", .text, "Under which name it does, for AWS's own logs.")
    static let awsProfile = Setting("AWS_PROFILE", "s3.profile", .text, "The profile in ~/.aws to take credentials from.")
    static let awsSharedCredentialsFile = Setting(
        "AWS_SHARED_CREDENTIALS_FILE", "s3.shared_credentials_file", .path, "The file of profiles to read in place of ~/.aws/credentials.")
    static let awsConfigFile = Setting(
        "AWS_CONFIG_FILE", "s3.config_file", .path, "The file of profiles to read in place of ~/.aws/config.")

    static let awsCredentials = [
        awsAccessKeyID, awsSecretAccessKey, awsSessionToken, awsWebIdentityTokenFile, awsRoleARN, awsRoleSessionName, awsProfile,
        awsSharedCredentialsFile, awsConfigFile,
    ]
}

extension SettingReader {
    /// What is set of them, as they would stand in the environment.
    func awsVariables() throws -> [String: String] {
        var variables: [String: String] = [:]
        for setting in Setting.awsCredentials + [.awsRegion, .awsDefaultRegion] {
            variables[setting.name] = setting.form == .path ? try path(setting) : try given(setting)
        }
        return variables
    }
}
