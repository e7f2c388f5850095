/// What Debian calls the parts of one release of PostgreSQL. A package without a number is of the distribution's own release.
struct PostgresPackages {
    let release: Int

    /// What a dump is taken with.
    var client: String { "postgresql-client-\(release)" }

    /// The programs of a server, and the extensions of PostgreSQL itself.
    var server: String { "postgresql-\(release)" }

    /// - Parameter module: an extension.
    /// - Returns: nil for one that is none of PostgreSQL's own and not known to be packaged.
    func name(of module: String) -> String? {
        if Self.own.contains(module) { return server }
        if let language = Self.languages[module] { return "postgresql-\(language)-\(release)" }
        return Self.others[module].map { "postgresql-\(release)-\($0)" }
    }
}

extension PostgresPackages {
    /// Those of `contrib`.
    private static let own: Set<String> = [
        "amcheck", "autoinc", "bloom", "btree_gin", "btree_gist", "citext", "cube", "dblink", "dict_int", "dict_xsyn", "earthdistance",
        "file_fdw", "fuzzystrmatch", "hstore", "insert_username", "intagg", "intarray", "isn", "lo", "ltree", "moddatetime", "pageinspect",
        "pg_buffercache", "pg_freespacemap", "pg_prewarm", "pg_stat_statements", "pg_surgery", "pg_trgm", "pg_visibility", "pg_walinspect",
        "pgcrypto", "pgrowlocks", "pgstattuple", "plpgsql", "postgres_fdw", "refint", "seg", "sslinfo", "tablefunc", "tcn",
        "tsm_system_rows", "tsm_system_time", "unaccent", "uuid-ossp", "xml2",
    ]

    private static let languages = [
        "plperl": "plperl", "plperlu": "plperl", "plpython3u": "plpython3", "pltcl": "pltcl", "pltclu": "pltcl",
    ]

    private static let others = [
        "address_standardizer": "postgis-3", "hll": "hll", "hypopg": "hypopg", "ip4r": "ip4r", "orafce": "orafce", "pg_cron": "cron",
        "pg_partman": "partman", "pg_repack": "repack", "pgaudit": "pgaudit", "pgtap": "pgtap", "postgis": "postgis-3",
        "postgis_raster": "postgis-3", "postgis_sfcgal": "postgis-3", "postgis_tiger_geocoder": "postgis-3",
        "postgis_topology": "postgis-3", "rum": "rum", "semver": "semver", "vector": "pgvector",
    ]
}

extension Diagnosis.Remedy {
    /// A distribution has one release, PostgreSQL's own site all of them.
    func orOfPostgresSite(_ packages: [String], then check: String) -> Self {
        let all = packages.joined(separator: " ")
        return or(
            onlyIf: "apt knows no \(all): the packages of PostgreSQL's own site have it",
            "apt не знает \(all): это есть в репозитории самого PostgreSQL", "apt install postgresql-common ca-certificates",
            "/usr/share/postgresql-common/pgdg/apt.postgresql.org.sh -y", "apt install \(all)", check)
    }
}
