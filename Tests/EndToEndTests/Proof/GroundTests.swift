import BackupTestKit
import SystemPackage
import Testing

@Suite("What a scratch server lacks of the dump's own")
struct GroundTests {
    private static let trigger = """
        CREATE FUNCTION note() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN RAISE NOTICE $$%$$, tg_tag; END';
        CREATE EVENT TRIGGER noted ON ddl_command_end EXECUTE FUNCTION note();
        CREATE TABLE calls AS SELECT generate_series(1, 100) AS id
        """

    @Test("is made up so that a lone dump's owners may own event triggers", arguments: [[], ["--format", "custom"]])
    func loneEventTrigger(options: [String]) async throws {
        try await withBackedUp("CREATE ROLE trigger_owner SUPERUSER", owner: "trigger_owner", Self.trigger, options) { admin in
            let file = try #require(
                try await admin.entries().first { $0.hasPrefix("owned-") && ($0.hasSuffix("Z.sql.gz") || $0.hasSuffix("Z.dump")) })
            let lone = admin.folder.removingLastComponent().appending("lone-\(file)")
            try await Command("mv", [admin.folder.appending(file).string, lone.string]).output()
            let verified = try await admin.command("db", "verify-backup", lone.string, "--level", "restore").outcome()
            #expect(verified.status == 0, "\(verified)")
            #expect(verified.output.contains("trigger_owner"), "\(verified)")
        }
    }

    @Test("may be that an event trigger's owner is no superuser")
    func ownerWithoutRights() async throws {
        let withdrawal = Self.trigger + "; ALTER EVENT TRIGGER noted OWNER TO trigger_owner; ALTER ROLE trigger_owner NOSUPERUSER"
        try await withBackedUp("CREATE ROLE trigger_owner SUPERUSER", owner: "postgres", withdrawal) { admin in
            try await expectVerified(admin)
        }
    }

    @Test("are roles' settings that only their own server knows: not proved, and no finding")
    func foreignSettings() async throws {
        let settings = """
            CREATE ROLE agent; ALTER ROLE agent SET lc_messages = 'C'; ALTER ROLE agent SET work_mem = '7MB';
            UPDATE pg_db_role_setting SET setconfig = '{lc_messages=xx_NO.UTF-8,fork_setting=x,work_mem=7MB}'
                WHERE setrole = 'agent'::regrole
            """
        try await withBackedUp(settings, owner: "postgres", "CREATE TABLE calls AS SELECT generate_series(1, 100) AS id") { admin in
            let open = try await expectVerified(admin)
            #expect(open.contains { $0.contains("ALTER ROLE agent SET lc_messages") && $0.contains("fork_setting") }, "\(open)")
            #expect(!open.contains { $0.contains("work_mem") }, "\(open)")
        }
    }

    @Test("is an extension that ends the session that asks for it: status 8, with its name")
    func demandingExtension() async throws {
        try requireServer(15)
        try await PostgresInstallation.required(15).addExtension(from: Fixture.path("demanding"))
        try await withSmallDatabase { database, admin in
            try await admin.server.psql("CREATE EXTENSION demanding", database: database)
            let outcome = try await admin.proving(["BACKUP_VERIFY_LEVEL": "auto"]).command("db", "backup", "--database", database).outcome()
            #expect(outcome.status == 0, "\(outcome)")
            let reason = "the extension demanding cannot be made in a scratch server"
            #expect(outcome.errors.contains("was checked by content, not by restore: \(reason)"), "\(outcome.errors)")
            let verified = try await admin.proving().command("db", "verify-backup", "latest", "--level", "restore").outcome()
            #expect(verified.status == 8, "\(verified)")
        }
    }

    @Test(
        "is nothing where the schema public of PostgreSQL 14 was made anew or given away",
        arguments: [
            "DROP SCHEMA public CASCADE; CREATE SCHEMA public; GRANT ALL ON SCHEMA public TO public",
            "ALTER SCHEMA public OWNER TO pg_monitor", "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
        ])
    func publicSchema(change: String) async throws {
        try await withSmallDatabase(version: 14) { database, admin in
            try await admin.server.psql("\(change); CREATE TABLE public.agents (id int)", database: database)
            try await admin.proving(["BACKUP_VERIFY_LEVEL": "restore"]).backup(database)
            try await expectVerified(admin)
        }
    }

    /// - Returns: what was not proved.
    @discardableResult
    private func expectVerified(_ admin: AdminProgram) async throws -> [String] {
        let shown = try await admin.shown()
        #expect(shown.state == "verified", "\(shown.verifications)")
        #expect(shown.verifications.map(\.level) == ["restore"])
        return shown.verifications.first?.notProved ?? []
    }

    /// Takes a backup, proved by restore, of a database that `contents` were made in by its owner.
    private func withBackedUp(
        _ roles: String, owner: String, _ contents: String, _ options: [String] = [], _ body: (AdminProgram) async throws -> Void
    ) async throws {
        try requireServer(15)
        try await withPostgres(version: 15) { server in
            try await server.psql(roles)
            try await server.createDatabase("owned", "OWNER \(owner)")
            try await server.psql("SET ROLE \(owner); \(contents)", database: "owned")
            try await withAdmin(server) { admin in
                let admin = try await admin.proving(["BACKUP_VERIFY_LEVEL": "restore"])
                let outcome = try await admin.command(["db", "backup", "--database", "owned"] + options).outcome()
                #expect(outcome.status == 0, "\(outcome)")
                try await body(admin)
            }
        }
    }
}
