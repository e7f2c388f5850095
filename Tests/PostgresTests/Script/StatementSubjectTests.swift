import Testing

@testable import Postgres

@Suite struct StatementSubjectTests {
    @Test(arguments: [
        ("CREATE INDEX i ON public.t USING btree (a)", "public.t"),
        ("CREATE UNIQUE INDEX \"i;\" ON ONLY ops.\"W \"\"x\" USING gin (a)", "ops.\"W \"\"x\""),
        ("ALTER TABLE ONLY public.t\n    ADD CONSTRAINT t_pkey PRIMARY KEY (id)", "public.t"),
        ("ALTER TABLE public.t CLUSTER ON i", "public.t"),
        ("ALTER TABLE public.t ENABLE ROW LEVEL SECURITY", "public.t"),
        ("ALTER TABLE ONLY public.t REPLICA IDENTITY USING INDEX i", "public.t"),
        ("CREATE CONSTRAINT TRIGGER g AFTER UPDATE OF a, b ON public.t FROM public.u NOT DEFERRABLE", "public.t"),
        ("CREATE RULE r AS\n ON INSERT TO public.v DO INSTEAD NOTHING", "public.v"),
        ("CREATE POLICY p ON public.t FOR SELECT USING (a)", "public.t"),
        ("CREATE STATISTICS public.s (ndistinct) ON a, (extract(year FROM b)) FROM public.t", "public.t"),
        ("REFRESH MATERIALIZED VIEW public.m", "public.m"),
        ("ALTER PUBLICATION p ADD TABLE ONLY public.t", "public.t"),
        ("ALTER TRIGGER g ON public.t DEPENDS ON EXTENSION e", "public.t"),
        ("COMMENT ON CONSTRAINT c ON public.t IS 'x'", "public.t"),
        ("COMMENT ON COLUMN public.t.c IS 'x'", "public.t"),
        ("COMMENT ON MATERIALIZED VIEW public.m IS 'x'", "public.m"),
        ("SECURITY LABEL FOR dummy ON COLUMN public.t.c IS 'x'", "public.t"),
        ("GRANT SELECT(a) ON TABLE public.t TO PUBLIC", "public.t"),
        ("CREATE FOREIGN TABLE public.f (a int)", "public.f"),
        ("CREATE UNLOGGED TABLE public.t (a int)", "public.t"),
        ("CREATE MATERIALIZED VIEW public.m AS SELECT 1", "public.m"),
        ("COPY public.t (a) FROM stdin", "public.t"),
        ("SELECT pg_catalog.setval('public.\"S''q\"', 7, true)", "public.\"S'q\""),
    ])
    func `the table is read from the statement`(statement: String, table: String) {
        #expect(StatementSubject(of: Array(statement.utf8)).table == QualifiedName(parsing: table))
    }

    @Test(arguments: [
        ("ALTER TABLE ONLY public.t\n    ADD CONSTRAINT \"c;\" FOREIGN KEY (a) REFERENCES public.u(a)", "c;"),
        ("COMMENT ON CONSTRAINT \"c;\" ON public.t IS 'x'", "c;"), ("ALTER TABLE ONLY public.t ADD CONSTRAINT c PRIMARY KEY (id)", nil),
    ])
    func `a foreign key and what is said about it have its name`(statement: String, constraint: String?) {
        #expect(StatementSubject(of: Array(statement.utf8)).constraint == constraint)
    }

    @Test(arguments: [
        "COMMENT ON CONSTRAINT c ON DOMAIN public.d IS 'x'", "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'ON TABLE t'",
        "GRANT USAGE ON SCHEMA s TO PUBLIC", "CREATE PUBLICATION p FOR ALL TABLES", "", ";", "SELECT 1", "CREATE", "ALTER TABLE",
    ])
    func `other statements have none`(statement: String) {
        #expect(StatementSubject(of: Array(statement.utf8)).table == nil)
    }

    @Test(arguments: [
        ("SET default_tablespace = ''", StatementSubject.Kind.session),
        ("SELECT pg_catalog.set_config('search_path', '', false)", .session),
        ("CREATE INDEX i ON t (a)", .createIndex), ("ALTER TABLE ONLY t ADD CONSTRAINT c UNIQUE (a)", .addKey),
        ("ALTER TABLE ONLY t ADD CONSTRAINT c EXCLUDE USING gist (a WITH &&)", .addKey),
        ("ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID", .other), ("ALTER INDEX a ATTACH PARTITION b", .attachIndex),
        ("ALTER TABLE ONLY t ADD CONSTRAINT c FOREIGN KEY (a) REFERENCES u(b)", .addForeignKey),
    ])
    func `what builds an index or needs one is recognised`(statement: String, kind: StatementSubject.Kind) {
        #expect(StatementSubject(of: Array(statement.utf8)).kind == kind)
    }

    @Test func `a foreign key names both its tables`() {
        let subject = StatementSubject(
            of: Array("ALTER TABLE ONLY public.a ADD CONSTRAINT f FOREIGN KEY (x, y) REFERENCES ops.\"B\"(x, y) ON DELETE CASCADE".utf8))
        #expect(subject.table == QualifiedName(schema: "public", name: "a"))
        #expect(subject.references == QualifiedName(schema: "ops", name: "B"))
    }

    @Test func `an attached index names its parent`() {
        let subject = StatementSubject(of: Array("ALTER INDEX public.p_pkey ATTACH PARTITION ops.c_pkey".utf8))
        #expect(subject.object == QualifiedName(schema: "public", name: "p_pkey"))
        #expect(subject.attached == QualifiedName(schema: "ops", name: "c_pkey"))
    }
}
