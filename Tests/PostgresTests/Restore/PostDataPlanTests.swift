import Testing

@testable import Postgres

@Suite struct PostDataPlanTests {
    private let calls = QualifiedName(schema: "public", name: "calls")

    private func plan(_ text: String) throws -> PostDataPlan {
        PostDataPlan(try ScriptStatements.all(in: Array(text.utf8), entries: []), tables: [calls])
    }

    @Test func indexesOfLoadedTablesAreBuiltEarlyAndTheRestKeepsItsOrder() throws {
        let plan = try plan(
            """
            SET default_tablespace = '';
            ALTER TABLE ONLY public.calls ADD CONSTRAINT calls_pkey PRIMARY KEY (id);
            CREATE INDEX i ON public.calls USING btree (a);
            CREATE INDEX j ON ONLY public.parted USING btree (a);
            ALTER INDEX public.j ATTACH PARTITION public.i;
            CREATE STATISTICS public.s ON a, b FROM public.calls;
            CREATE TRIGGER g BEFORE INSERT ON public.calls EXECUTE FUNCTION public.f();
            ALTER TABLE ONLY public.calls ADD CONSTRAINT fk FOREIGN KEY (a) REFERENCES public.agents(id);
            CREATE POLICY p ON public.calls USING (true);
            REFRESH MATERIALIZED VIEW public.m;
            """)
        #expect(plan.builds.map(\.locksAlone) == [true, false])
        #expect(plan.joints.map { $0.subject.kind } == [.createIndex, .attachIndex, .statistics])
        #expect(plan.foreignKeys.map(\.tables) == [[calls, QualifiedName(schema: "public", name: "agents")]])
        #expect(plan.rest.map { String($0.summary.prefix(7)) } == ["CREATE ", "CREATE ", "REFRESH"])
    }

    @Test func whoTheScriptActsForStaysInItsPlace() throws {
        let plan = try plan("SET SESSION AUTHORIZATION 'bob'; GRANT SELECT ON TABLE public.calls TO ann; RESET SESSION AUTHORIZATION;")
        #expect(plan.rest.count == 3)
    }
}
