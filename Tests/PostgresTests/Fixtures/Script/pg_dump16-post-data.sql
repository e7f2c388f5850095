--
-- PostgreSQL database dump
--

\restrict EOcJ4dmclhOW2wcDXJJWsunsHxhjVK1hn8Xz86hMnidTXzGQ4mBcEEJaDAI03uN

-- Dumped from database version 14.23
-- Dumped by pg_dump version 16.15

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

SET default_tablespace = '';

--
-- Name: a; Type: INDEX; Schema: y; Owner: z a; Type: INDEX; Schema: y; Owner: z_pkey; Type: CONSTRAINT; Schema: Odd; Type: TABLE; Schema: x; Owner: postgres
--

ALTER TABLE ONLY "Odd; Type: TABLE; Schema: x"."a; Type: INDEX; Schema: y; Owner: z"
    ADD CONSTRAINT "a; Type: INDEX; Schema: y; Owner: z_pkey" PRIMARY KEY (id);


--
-- Name: Weird ".; name Weird ".; name_at_excl; Type: CONSTRAINT; Schema: ops; Owner: postgres
--

ALTER TABLE ONLY ops."Weird "".;
name"
    ADD CONSTRAINT "Weird "".;
name_at_excl" EXCLUDE USING gist (at WITH &&);


--
-- Name: Weird ".; name Weird ".; name_pkey; Type: CONSTRAINT; Schema: ops; Owner: postgres
--

ALTER TABLE ONLY ops."Weird "".;
name"
    ADD CONSTRAINT "Weird "".;
name_pkey" PRIMARY KEY (id);


--
-- Name: Weird ".; name Weird ".; name_select_key; Type: CONSTRAINT; Schema: ops; Owner: postgres
--

ALTER TABLE ONLY ops."Weird "".;
name"
    ADD CONSTRAINT "Weird "".;
name_select_key" UNIQUE ("select");


--
-- Name: child child_self; Type: CHECK CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE public.child
    ADD CONSTRAINT child_self CHECK ((id > 0)) NOT VALID;


--
-- Name: parent parent_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.parent
    ADD CONSTRAINT parent_pkey PRIMARY KEY (id, region);


--
-- Name: parent_eu parent_eu_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.parent_eu
    ADD CONSTRAINT parent_eu_pkey PRIMARY KEY (id, region);


--
-- Name: Index; name; Type: INDEX; Schema: ops; Owner: postgres
--

CREATE INDEX "Index; name" ON ops."Weird "".;
name" USING btree (lower("select"), c) WHERE ((c)::text <> ';'::text);


--
-- Name: INDEX "Index; name"; Type: COMMENT; Schema: ops; Owner: postgres
--

COMMENT ON INDEX ops."Index; name" IS 'about the index';


--
-- Name: child_expr; Type: INDEX; Schema: public; Owner: postgres
--

CREATE INDEX child_expr ON public.child USING btree (((pid + 1)));
ALTER INDEX public.child_expr ALTER COLUMN 1 SET STATISTICS 500;


--
-- Name: child_ident; Type: INDEX; Schema: public; Owner: postgres
--

CREATE UNIQUE INDEX child_ident ON public.child USING btree (id);

ALTER TABLE ONLY public.child REPLICA IDENTITY USING INDEX child_ident;


--
-- Name: child_pid; Type: INDEX; Schema: public; Owner: postgres
--

CREATE INDEX child_pid ON public.child USING btree (pid);

ALTER TABLE public.child CLUSTER ON child_pid;


--
-- Name: mv_child_pid; Type: INDEX; Schema: public; Owner: postgres
--

CREATE INDEX mv_child_pid ON public.mv_child USING btree (pid);


--
-- Name: parent_eu_pkey; Type: INDEX ATTACH; Schema: public; Owner: postgres
--

ALTER INDEX public.parent_pkey ATTACH PARTITION public.parent_eu_pkey;


--
-- Name: child_stats; Type: STATISTICS; Schema: public; Owner: postgres
--

CREATE STATISTICS public.child_stats ON pid, region FROM public.child;


ALTER STATISTICS public.child_stats OWNER TO postgres;

--
-- Name: STATISTICS child_stats; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON STATISTICS public.child_stats IS 'stats';


--
-- Name: child child_rule; Type: RULE; Schema: public; Owner: postgres
--

CREATE RULE child_rule AS
    ON DELETE TO public.child
   WHERE (old.id = 1) DO  SELECT 1 AS "?column?";


--
-- Name: v_child v_insert; Type: RULE; Schema: public; Owner: postgres
--

CREATE RULE v_insert AS
    ON INSERT TO public.v_child DO INSTEAD NOTHING;


--
-- Name: child child_changed; Type: TRIGGER; Schema: public; Owner: postgres
--

CREATE TRIGGER child_changed BEFORE INSERT OR UPDATE OF pid, region ON public.child FOR EACH ROW EXECUTE FUNCTION public.on_change();

ALTER TABLE public.child ENABLE ALWAYS TRIGGER child_changed;


--
-- Name: TRIGGER child_changed ON child; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON TRIGGER child_changed ON public.child IS 'the trigger';


--
-- Name: child child_fk; Type: FK CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.child
    ADD CONSTRAINT child_fk FOREIGN KEY (pid, region) REFERENCES public.parent(id, region) DEFERRABLE;


--
-- Name: child; Type: ROW SECURITY; Schema: public; Owner: postgres
--

ALTER TABLE public.child ENABLE ROW LEVEL SECURITY;

--
-- Name: child child_policy; Type: POLICY; Schema: public; Owner: postgres
--

CREATE POLICY child_policy ON public.child USING ((region = 'eu;'::text));


--
-- Name: pub_some; Type: PUBLICATION; Schema: -; Owner: postgres
--

CREATE PUBLICATION pub_some WITH (publish = 'insert, update, delete, truncate');


ALTER PUBLICATION pub_some OWNER TO postgres;

--
-- Name: pub_some child; Type: PUBLICATION TABLE; Schema: public; Owner: postgres
--

ALTER PUBLICATION pub_some ADD TABLE ONLY public.child;


--
-- Name: pub_some parent_eu; Type: PUBLICATION TABLE; Schema: public; Owner: postgres
--

ALTER PUBLICATION pub_some ADD TABLE ONLY public.parent_eu;


--
-- Name: DEFAULT PRIVILEGES FOR TABLES; Type: DEFAULT ACL; Schema: ops; Owner: postgres
--

ALTER DEFAULT PRIVILEGES FOR ROLE postgres IN SCHEMA ops GRANT SELECT ON TABLES TO PUBLIC;


--
-- Name: evt; Type: EVENT TRIGGER; Schema: -; Owner: postgres
--

CREATE EVENT TRIGGER evt ON ddl_command_end
   EXECUTE FUNCTION public.evt_fn();


ALTER EVENT TRIGGER evt OWNER TO postgres;

--
-- Name: mv_child; Type: MATERIALIZED VIEW DATA; Schema: public; Owner: postgres
--

REFRESH MATERIALIZED VIEW public.mv_child;


--
-- PostgreSQL database dump complete
--

\unrestrict EOcJ4dmclhOW2wcDXJJWsunsHxhjVK1hn8Xz86hMnidTXzGQ4mBcEEJaDAI03uN

