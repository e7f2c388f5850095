import BackupTestKit
import Synchronization
import SystemPackage
import Testing

@testable import Postgres

@Suite struct GlobalsRestoreTests {
    /// Memberships through each other with grantors of their own, settings, passwords, names to quote, a tablespace with rights and settings.
    private static let globals = #"""
        SET password_encryption = 'scram-sha-256';
        CREATE ROLE owner_role NOLOGIN; CREATE ROLE "Quoted ""role"" granted by" LOGIN PASSWORD 'it''s; secret' CONNECTION LIMIT 7;
        CREATE ROLE manager CREATEROLE VALID UNTIL '2031-01-01'; CREATE ROLE agent LOGIN; CREATE ROLE trainee; CREATE ROLE granted;
        GRANT owner_role TO manager WITH ADMIN OPTION; GRANT manager TO agent; GRANT granted TO manager WITH ADMIN OPTION;
        SET ROLE manager; GRANT owner_role TO agent WITH ADMIN OPTION; GRANT granted TO trainee; RESET ROLE;
        SET ROLE agent; GRANT owner_role TO trainee; RESET ROLE; GRANT pg_monitor TO trainee;
        ALTER ROLE agent SET work_mem = '7MB'; ALTER ROLE agent SET search_path = '$user', "odd; path"; ALTER ROLE postgres SET my.own = 'x';
        COMMENT ON ROLE manager IS 'it''s; the boss';
        """#

    @Test(arguments: 14...18)
    func comeBackOnAFreshServerWithASuperuserOfAnotherName(version: Int) async throws {
        try requireServer(version)
        try await withPostgres(version: version) { source in
            try await source.psql(Self.globals)
            try await source.psql("COPY (SELECT 1) TO PROGRAM 'cat >/dev/null && mkdir ../space'")
            let location = source.folder.appending("space").string
            try await source.psql("CREATE TABLESPACE \"fast; space\" OWNER manager LOCATION '\(location)'")
            try await source.psql(
                "GRANT CREATE ON TABLESPACE \"fast; space\" TO agent; ALTER TABLESPACE \"fast; space\" SET (seq_page_cost = 2)")
            if version >= 15 { try await source.psql("GRANT SET ON PARAMETER log_min_messages TO agent") }
            let script = try await script(of: source)
            let expected = try await source.psql(Self.roles)
            try await withPostgres(PostgresBlueprint(major: version, initialization: ["-U", "scratch_1234"])) { fresh in
                try await fresh.command(
                    "psql",
                    [
                        "-X", "-c", "COPY (SELECT 1) TO PROGRAM 'cat >/dev/null && mkdir ../elsewhere'", "-U", "scratch_1234", "-d",
                        "postgres",
                    ]
                )
                .output()
                let asked = Mutex<[String]>([])
                let globals = GlobalsRestore { name in
                    asked.withLock { $0.append(name) }
                    return fresh.folder.appending("elsewhere").string
                }
                try await withConnection(to: fresh) { connection in
                    let refused = try await globals.run(script, over: connection)
                    #expect(refused == [])
                    let found = try await connection.rows(Self.roles).compactMap { $0[0] }.joined(separator: "\n")
                    #expect(found == expected)
                    let space = "SELECT spcname || ' ' || pg_tablespace_location(oid) FROM pg_tablespace WHERE oid >= 16384"
                    let spaces = try await connection.rows(space)
                    #expect(spaces == [["fast; space \(fresh.folder.appending("elsewhere"))"]])
                }
                #expect(asked.withLock { $0 } == ["fast; space"])
            }
        }
    }

    @Test func whatTheServerRefusesIsReportedWithoutItsLiterals() async throws {
        try await withPostgres(version: 15) { server in
            try await PostgresConnection.with(server.target, applicationName: "tests") { connection in
                let script =
                    "CREATE ROLE postgres; ALTER ROLE nobody WITH PASSWORD 'hush'; CREATE ROLE after; ALTER ROLE after SET nonsense = 'x';"
                let refused = try await GlobalsRestore { $0 }.run(Array(script.utf8), over: connection)
                #expect(refused.map(\.statement) == ["ALTER ROLE nobody WITH PASSWORD", "ALTER ROLE after SET nonsense ="])
                #expect(refused.map(\.isSetting) == [false, true])
                #expect(refused.first?.reason.contains(#"role "nobody" does not exist"#) == true)
                #expect(!refused.description.contains("hush"))
                let made = try await connection.rows("SELECT FROM pg_roles WHERE rolname = 'after'")
                #expect(made.count == 1)
            }
        }
    }

    /// Everything the script carries, apart from the server's first superuser.
    private static let roles = """
        SELECT line FROM (
            SELECT concat_ws(' ', 'role', rolname, rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin, rolconnlimit, rolpassword,
                rolvaliduntil, shobj_description(oid, 'pg_authid')) AS line FROM pg_authid WHERE oid >= 16384 AND rolname <> 'postgres'
            UNION ALL
            SELECT concat_ws(' ', 'member', r.rolname, m.rolname, a.admin_option) FROM pg_auth_members a JOIN pg_roles r ON r.oid = a.roleid
                JOIN pg_roles m ON m.oid = a.member WHERE m.oid >= 16384
            UNION ALL
            SELECT concat_ws(' ', 'setting', rolname, setconfig) FROM pg_db_role_setting s JOIN pg_roles r ON r.oid = s.setrole
            UNION ALL
            SELECT concat_ws(' ', 'space', spcname, pg_get_userbyid(spcowner), spcacl, spcoptions) FROM pg_tablespace WHERE oid >= 16384
        ) l ORDER BY line COLLATE "C"
        """

    private func script(of server: PostgresServer) async throws -> [UInt8] {
        let request = DumpRequest(
            target: try server.target, jobs: 1, programFolder: server.installation.client.programs.string, tool: "tests", timestamp: { "" })
        return try await GlobalsDump(request).read().script
    }

    private func withConnection(to server: PostgresServer, _ body: (PostgresConnection) async throws -> Void) async throws {
        try await PostgresConnection.with(server.target.with("user", "scratch_1234"), applicationName: "tests", body)
    }
}
