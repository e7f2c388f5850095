extension RedisServerFacts {
    /// Whether the server may well deny us a copy and does not tell: rights came with Redis 6, asking about them (ACL DRYRUN) with 7.
    package var hidesRights: Bool {
        guard mayReplicate == nil, let version else { return false }
        return version.flavour == .valkey || version.release >= (7, 0) || version.release >= (6, 0) && user != "default"
    }
}
