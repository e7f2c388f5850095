--
-- PostgreSQL database dump
--

\restrict USrvOS3h0a0EXhbFLCKkbpuVr7koVl9AdhcBjUkbbH4OUqygDy5jBZBmie5EL2r

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

--
-- Name: Odd; Type: TABLE; Schema: x; Type: SCHEMA; Schema: -; Owner: postgres
--

CREATE SCHEMA "Odd; Type: TABLE; Schema: x";


ALTER SCHEMA "Odd; Type: TABLE; Schema: x" OWNER TO postgres;

--
-- Name: ops; Type: SCHEMA; Schema: -; Owner: postgres
--

CREATE SCHEMA ops;


ALTER SCHEMA ops OWNER TO postgres;

--
-- Name: public; Type: SCHEMA; Schema: -; Owner: postgres
--

-- *not* creating schema, since initdb creates it


ALTER SCHEMA public OWNER TO postgres;

--
-- Name: mood; Type: TYPE; Schema: public; Owner: postgres
--

CREATE TYPE public.mood AS ENUM (
    'ok',
    'it''s bad'
);


ALTER TYPE public.mood OWNER TO postgres;

--
-- Name: phone; Type: DOMAIN; Schema: public; Owner: postgres
--

CREATE DOMAIN public.phone AS text
	CONSTRAINT phone_check CHECK ((VALUE ~ '^\+[0-9]+$'::text));


ALTER DOMAIN public.phone OWNER TO postgres;

--
-- Name: atomic_insert(integer); Type: PROCEDURE; Schema: public; Owner: postgres
--

CREATE PROCEDURE public.atomic_insert(IN a integer)
    LANGUAGE sql
    BEGIN ATOMIC
 SELECT a AS a;
END;


ALTER PROCEDURE public.atomic_insert(IN a integer) OWNER TO postgres;

--
-- Name: atomic_sum(integer, integer); Type: FUNCTION; Schema: public; Owner: postgres
--

CREATE FUNCTION public.atomic_sum(a integer, b integer) RETURNS integer
    LANGUAGE sql
    BEGIN ATOMIC
 SELECT
         CASE
             WHEN (a > b) THEN (a + b)
             ELSE 0
         END AS "case";
 SELECT (a + b);
END;


ALTER FUNCTION public.atomic_sum(a integer, b integer) OWNER TO postgres;

--
-- Name: body_with_traps(); Type: FUNCTION; Schema: public; Owner: postgres
--

CREATE FUNCTION public.body_with_traps() RETURNS text
    LANGUAGE plpgsql
    AS $_$
BEGIN
  -- a comment; with a semicolon and an apostrophe: it's
  /* a block /* nested */ one */
  RETURN 'x'';
--
-- Name: fake; Type: TABLE; Schema: public; Owner: nobody
--
\restrict notakey
\.
CREATE TABLE fake (id int);
' || $$ inner ; quote $$;
END $_$;


ALTER FUNCTION public.body_with_traps() OWNER TO postgres;

--
-- Name: evt_fn(); Type: FUNCTION; Schema: public; Owner: postgres
--

CREATE FUNCTION public.evt_fn() RETURNS event_trigger
    LANGUAGE plpgsql
    AS $$BEGIN END$$;


ALTER FUNCTION public.evt_fn() OWNER TO postgres;

--
-- Name: on_change(); Type: FUNCTION; Schema: public; Owner: postgres
--

CREATE FUNCTION public.on_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$BEGIN RETURN NEW; END$$;


ALTER FUNCTION public.on_change() OWNER TO postgres;

SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: a; Type: INDEX; Schema: y; Owner: z; Type: TABLE; Schema: Odd; Type: TABLE; Schema: x; Owner: postgres
--

CREATE TABLE "Odd; Type: TABLE; Schema: x"."a; Type: INDEX; Schema: y; Owner: z" (
    id integer NOT NULL
);


ALTER TABLE "Odd; Type: TABLE; Schema: x"."a; Type: INDEX; Schema: y; Owner: z" OWNER TO postgres;

--
-- Name: Weird ".; name; Type: TABLE; Schema: ops; Owner: postgres
--

CREATE TABLE ops."Weird "".;
name" (
    id integer NOT NULL,
    "select" text,
    c public.phone,
    m public.mood,
    at tstzrange
);


ALTER TABLE ops."Weird "".;
name" OWNER TO postgres;

--
-- Name: TABLE "Weird "".; name"; Type: COMMENT; Schema: ops; Owner: postgres
--

COMMENT ON TABLE ops."Weird "".;
name" IS 'a comment; with -- dashes
and a newline, it''s fine \ backslash';


--
-- Name: Weird ".; name_id_seq; Type: SEQUENCE; Schema: ops; Owner: postgres
--

CREATE SEQUENCE ops."Weird "".;
name_id_seq"
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


ALTER SEQUENCE ops."Weird "".;
name_id_seq" OWNER TO postgres;

--
-- Name: Weird ".; name_id_seq; Type: SEQUENCE OWNED BY; Schema: ops; Owner: postgres
--

ALTER SEQUENCE ops."Weird "".;
name_id_seq" OWNED BY ops."Weird "".;
name".id;


--
-- Name: lonely; Type: SEQUENCE; Schema: ops; Owner: postgres
--

CREATE SEQUENCE ops.lonely
    START WITH 7
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


ALTER SEQUENCE ops.lonely OWNER TO postgres;

--
-- Name: child; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE public.child (
    id bigint NOT NULL,
    pid integer,
    region text,
    upper_region text GENERATED ALWAYS AS (upper(region)) STORED
);


ALTER TABLE public.child OWNER TO postgres;

--
-- Name: child_id_seq; Type: SEQUENCE; Schema: public; Owner: postgres
--

ALTER TABLE public.child ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.child_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: mv_child; Type: MATERIALIZED VIEW; Schema: public; Owner: postgres
--

CREATE MATERIALIZED VIEW public.mv_child AS
 SELECT child.pid,
    count(*) AS n
   FROM public.child
  GROUP BY child.pid
  WITH NO DATA;


ALTER MATERIALIZED VIEW public.mv_child OWNER TO postgres;

--
-- Name: parent; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE public.parent (
    id integer NOT NULL,
    region text NOT NULL,
    note text DEFAULT 'tab	\back; slash''s'::text
)
PARTITION BY LIST (region);


ALTER TABLE public.parent OWNER TO postgres;

--
-- Name: parent_eu; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE public.parent_eu (
    id integer NOT NULL,
    region text NOT NULL,
    note text DEFAULT 'tab	\back; slash''s'::text
);


ALTER TABLE public.parent_eu OWNER TO postgres;

--
-- Name: v_child; Type: VIEW; Schema: public; Owner: postgres
--

CREATE VIEW public.v_child AS
 SELECT child.id,
    'a;b'::text AS s
   FROM public.child;


ALTER VIEW public.v_child OWNER TO postgres;

--
-- Name: parent_eu; Type: TABLE ATTACH; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.parent ATTACH PARTITION public.parent_eu FOR VALUES IN ('eu');


--
-- Name: Weird ".; name id; Type: DEFAULT; Schema: ops; Owner: postgres
--

ALTER TABLE ONLY ops."Weird "".;
name" ALTER COLUMN id SET DEFAULT nextval('ops."Weird "".;
name_id_seq"'::regclass);


--
-- Name: 4242; Type: BLOB; Schema: -; Owner: postgres
--

SELECT pg_catalog.lo_create('4242');


ALTER LARGE OBJECT 4242 OWNER TO postgres;

--
-- Name: SCHEMA public; Type: ACL; Schema: -; Owner: postgres
--

REVOKE USAGE ON SCHEMA public FROM PUBLIC;
GRANT ALL ON SCHEMA public TO PUBLIC;


--
-- Name: TABLE child; Type: ACL; Schema: public; Owner: postgres
--

GRANT SELECT ON TABLE public.child TO PUBLIC;


--
-- Name: COLUMN parent.note; Type: ACL; Schema: public; Owner: postgres
--

GRANT SELECT(note) ON TABLE public.parent TO PUBLIC;


--
-- PostgreSQL database dump complete
--

\unrestrict USrvOS3h0a0EXhbFLCKkbpuVr7koVl9AdhcBjUkbbH4OUqygDy5jBZBmie5EL2r

