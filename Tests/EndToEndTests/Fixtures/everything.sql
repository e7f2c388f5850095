-- A database that has everything pg_dump knows how to carry, for PostgreSQL 13 to 18:
--   psql -v ON_ERROR_STOP=1 -f everything.sql DATABASE       (a superuser's; the database empty, UTF8, from template0)
-- Roles and tablespaces are common to the cluster and are made when they are missing. Security labels are not here: no provider of them is shipped.
\set ON_ERROR_STOP on
\set QUIET on
SET client_min_messages = error;
SELECT :SERVER_VERSION_NUM >= 140000 AS v14, :SERVER_VERSION_NUM >= 150000 AS v15, :SERVER_VERSION_NUM >= 160000 AS v16,
       :SERVER_VERSION_NUM >= 170000 AS v17,
       EXISTS (SELECT FROM pg_available_extensions WHERE name = 'hstore') AS has_contrib,
       EXISTS (SELECT FROM pg_available_extensions WHERE name = 'everything_settings') AS has_settings_extension,
       EXISTS (SELECT FROM pg_settings WHERE name = 'default_toast_compression' AND 'lz4' = ANY (enumvals)) AS has_lz4 \gset
DO $$ BEGIN
  PERFORM '<a/>'::xml; PERFORM set_config('everything.xml', 'true', false);
EXCEPTION WHEN feature_not_supported THEN PERFORM set_config('everything.xml', 'false', false); END $$;
DO $$ BEGIN
  CREATE COLLATION public.tried (provider = icu, locale = 'und'); DROP COLLATION public.tried; PERFORM set_config('everything.icu', 'true', false);
EXCEPTION WHEN OTHERS THEN PERFORM set_config('everything.icu', 'false', false); END $$;
SELECT current_setting('everything.xml') AS has_xml, current_setting('everything.icu') AS has_icu \gset

-- Cluster: roles, a tablespace in a folder beside the data -------------------------------------------------------------------------
SELECT format('CREATE ROLE %I NOLOGIN', name) FROM unnest(array['everything_owner', 'everything_reader', 'Everything "quoted" role', 'everything_agent']) name
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \gexec
GRANT everything_reader TO everything_agent WITH ADMIN OPTION;
SELECT EXISTS (SELECT FROM pg_tablespace WHERE spcname = 'everything space') AS has_space,
       regexp_replace(current_setting('data_directory'), '/[^/]+$', '/everything_space') AS space_folder \gset
\if :has_space \else
COPY (SELECT 1) TO PROGRAM 'mkdir -p ../everything_space; cat >/dev/null';
CREATE TABLESPACE "everything space" LOCATION :'space_folder';
\endif
GRANT CREATE ON TABLESPACE "everything space" TO everything_owner;
COMMENT ON DATABASE :"DBNAME" IS 'everything, ''quoted'' and
on two lines';
ALTER DATABASE :"DBNAME" SET search_path = '$user', public, "Schema with ""quotes"" and.dots";
ALTER DATABASE :"DBNAME" SET default_statistics_target = 77;
ALTER ROLE everything_agent IN DATABASE :"DBNAME" SET work_mem = '5MB';
GRANT CONNECT, TEMPORARY ON DATABASE :"DBNAME" TO everything_reader WITH GRANT OPTION;

-- Schemas and names ----------------------------------------------------------------------------------------------------------------
CREATE SCHEMA types;
CREATE SCHEMA parts;
CREATE SCHEMA "Schema with ""quotes"" and.dots" AUTHORIZATION everything_owner;
CREATE SCHEMA "Схема 😀" AUTHORIZATION "Everything ""quoted"" role";
COMMENT ON SCHEMA types IS E'types\\tand \\. and\n-- Name: x; Type: TABLE; Schema: public; Owner: nobody\n\\restrict not';
GRANT USAGE ON SCHEMA types, parts TO PUBLIC;
GRANT ALL ON SCHEMA "Схема 😀" TO everything_reader WITH GRANT OPTION;

CREATE TABLE public."select" ("from" int, "where" text, "UPPER" text, "with space" text, "quote""d" text, "dot.ted" text, "per%cent $1 $$" text, "new
line" text, "back\slash" text, "тест 😀" text);
INSERT INTO public."select" SELECT i, 'w' || i, 'U', 's p', '"', '.', '%s $1 $$', E'\n', E'\\', '😀' FROM generate_series(1, 50) i;
COMMENT ON COLUMN public."select"."new
line" IS 'a column
of two lines';
CREATE TABLE "Schema with ""quotes"" and.dots"."table ""with"" all.of 'them' \ %s $1
and a newline" (id int PRIMARY KEY, "Value" text DEFAULT 'it''s \ "x"');
INSERT INTO "Schema with ""quotes"" and.dots"."table ""with"" all.of 'them' \ %s $1
and a newline" SELECT i, NULLIF('v' || i % 5, 'v0') FROM generate_series(1, 300) i;
CREATE INDEX "index with ; semicolon -- and comment" ON "Schema with ""quotes"" and.dots"."table ""with"" all.of 'them' \ %s $1
and a newline" ("Value");
CREATE TABLE "Схема 😀"."Таблица 😀" ("ключ" int PRIMARY KEY, "значение" text);
INSERT INTO "Схема 😀"."Таблица 😀" VALUES (1, 'привет'), (2, '日本語'), (3, '😀👨‍👩‍👧'), (4, U&'\0065\0301'), (5, chr(1114109));
CREATE TABLE public." leading and trailing " (" " int);
INSERT INTO public." leading and trailing " VALUES (1);
CREATE TABLE public."a name of exactly sixty three bytes, the longest there can be !" (x int);
CREATE TABLE public."-- Name: fake; Type: TABLE; Schema: public; Owner: x" (x int);
INSERT INTO public."-- Name: fake; Type: TABLE; Schema: public; Owner: x" VALUES (1);
CREATE TABLE public."Data for Name: fake; Type: TABLE DATA" (x int);
CREATE TABLE public.copy ("stdin" text);
INSERT INTO public.copy VALUES ('COPY public.copy ("stdin") FROM stdin;'), (E'\\.'), (E'a\n\\.\nb'), (''), (NULL), (E'\\N'), (E'\\'), (' ');

-- Types ----------------------------------------------------------------------------------------------------------------------------
CREATE TYPE types.mood AS ENUM ('sad', 'it''s "ok"', 'happy', 'комбо');
ALTER TYPE types.mood ADD VALUE 'between' BEFORE 'happy';
CREATE TYPE types.empty_enum AS ENUM ();
CREATE TYPE types.pair AS (a int, "B b" text COLLATE "C", c types.mood);
CREATE TYPE types.nested AS (p types.pair, list types.pair[]);
CREATE TYPE types.nothing AS ();
COMMENT ON TYPE types.pair IS 'a pair';
COMMENT ON COLUMN types.pair."B b" IS 'second';
CREATE DOMAIN types.positive AS int DEFAULT 1 CONSTRAINT is_positive CHECK (VALUE > 0);
CREATE DOMAIN types.even AS types.positive NOT NULL CHECK (VALUE % 2 = 0);
CREATE DOMAIN types.code AS text COLLATE "C" CHECK (VALUE ~ '^[a-z;''"\\]*$');
ALTER DOMAIN types.code ADD CONSTRAINT short CHECK (length(VALUE) < 10) NOT VALID;
\if :v14
COMMENT ON CONSTRAINT short ON DOMAIN types.code IS 'not yet valid';
\endif
CREATE FUNCTION types.float_gap(float8, float8) RETURNS float8 LANGUAGE sql IMMUTABLE AS 'SELECT $1 - $2';
CREATE TYPE types.float_range AS RANGE (subtype = float8, subtype_diff = types.float_gap);
CREATE TYPE types.base;
CREATE FUNCTION types.base_in(cstring) RETURNS types.base LANGUAGE internal IMMUTABLE STRICT AS 'int4in';
CREATE FUNCTION types.base_out(types.base) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int4out';
CREATE TYPE types.base (INPUT = types.base_in, OUTPUT = types.base_out, INTERNALLENGTH = 4, PASSEDBYVALUE, ALIGNMENT = int4);
CREATE TYPE types.only_a_shell;
CREATE CAST (types.base AS int4) WITHOUT FUNCTION AS ASSIGNMENT;
CREATE FUNCTION types.pair_to_text(types.pair) RETURNS text LANGUAGE sql IMMUTABLE AS $$SELECT ($1).a || ':' || ($1)."B b"$$;
CREATE CAST (types.pair AS text) WITH FUNCTION types.pair_to_text(types.pair) AS IMPLICIT;
CREATE CAST (types.mood AS bigint) WITH INOUT;
COMMENT ON CAST (types.pair AS text) IS 'cast';
ALTER TYPE types.mood OWNER TO everything_owner;
REVOKE USAGE ON TYPE types.mood FROM PUBLIC;
GRANT USAGE ON TYPE types.mood TO everything_reader;
GRANT USAGE ON DOMAIN types.positive TO everything_reader WITH GRANT OPTION;

-- Values ---------------------------------------------------------------------------------------------------------------------------
CREATE TABLE types.scalars (
  id bigint PRIMARY KEY, b boolean, i2 smallint, i4 int, i8 bigint, n numeric, n2 numeric(20, 5), f4 float4, f8 float8, m money, c char(5), "char" "char", v varchar(9), t text,
  bin bytea, d date, tm time, tmz timetz, ts timestamp, tsz timestamptz, iv interval, u uuid, j json, jb jsonb, x xml, tsv tsvector, tsq tsquery,
  ip inet, net cidr, mac macaddr, mac8 macaddr8, bits bit(5), vbits varbit, pt point, ln line, seg lseg, bx box, pth path, poly polygon, cir circle,
  lsn pg_lsn, reg regclass, typ regtype, jp jsonpath, snap pg_snapshot, nm name, o oid,
  md types.mood, pr types.pair, ns types.nested, dm types.even DEFAULT 2, base types.base, i4r int4range, nr numrange, tr tstzrange, fr types.float_range,
  ia int[], ta text[], pa types.pair[], ma types.mood[], ja jsonb[], deep int[][]);
INSERT INTO types.scalars (id) VALUES (0);
INSERT INTO types.scalars VALUES (
  1, true, -32768, -2147483648, -9223372036854775808, 'NaN', -123456789012345.12345, 'NaN', 'Infinity', -12.34, 'ab', 'z', 'v', E'tab\there\nnewline\rcr\r\ncrlf \\ back \\. end \\N',
  '\x00ff5c0a0d09', '-infinity', '24:00', '12:00:00.000001+15:59', 'infinity', '-infinity', '-1 year 2 mons -3 days 04:05:06.789', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11',
  '{"a" :  1, "a": "\n\\"}', '{"n": 1.10, "t": "\t\\", "deep": [null, {"x": []}]}', NULL, 'a:1A fat:2B,4 ''q uo''''te'':7', '''a'' & !(b | c:*)',
  '::1/64', '10.0.0.0/8', '08:00:2b:01:02:03', '08:00:2b:01:02:03:04:05', B'10101', B'', '(1.5,-2)', '{1,-1,0}', '[(0,0),(1,1e300)]', '(1,1),(0,0)', '[(0,0),(1,1)]', '((0,0),(1,0),(1,1))', '<(0,0),5>',
  'FFFFFFFF/FFFFFFFF', 'pg_class', 'types.mood', '$.a[*] ? (@ > 1)', '10:20:10,14,15', 'a name', 4294967295,
  'it''s "ok"', '(1,"B "" , \\ b",happy)', ROW(ROW(1, NULL, NULL)::types.pair, array[ROW(2, 'x "y', 'sad')::types.pair])::types.nested, 4, '42', '[1,10)', 'empty', '[2020-01-01 00:00+00,)', '[1.5,2.5]',
  '[0:2]={1,NULL,3}', '{"a,b","\"","\\","NULL",NULL,""," "}', '{"(1,\"a b\",sad)",NULL}', '{sad,"it''s \"ok\""}', '{"{\"a\": 1}"}', '{{1,2},{3,4}}');
INSERT INTO types.scalars (id, f4, f8, n, n2, d, ts, tsz, iv, t, c, bin, ia, ta, i4r, m) VALUES
  (2, '-Infinity', '-0', 0.000, 0, '4713-01-01 BC', '294276-12-31 23:59:59.999999', '4714-11-24 00:00:00+00 BC', '178000000 years', '', '', '', '{}', '{}', '(,)', 92233720368547758.07),
  (3, 1e-45, 2.2250738585072014e-308, 1e130, NULL, '0001-01-01', '1582-10-05', '1900-01-01 00:00:00+00', '0', ' ', '     ', '\x', NULL, '{NULL}', 'empty', NULL),
  (4, 0.1, 0.1, 123456789.987654321000, 1, 'infinity', '-infinity', 'infinity', '1 day', E'\x01\x02\x07\x08\x0b\x0c\x1b\x1f\x7f', NULL, NULL, NULL, NULL, NULL, NULL),
  (5, 3.4028235e38, 1.7976931348623157e308, 'NaN', NULL, 'today'::date - 'today'::date + date '2024-02-29', NULL, '2024-03-10 02:30:00 America/New_York', '-0.000001 s', E'\\\\.', NULL, NULL, NULL, NULL, NULL, NULL);
\if :has_xml
UPDATE types.scalars SET x = '<?xml version="1.0"?><a b="1">&lt;x&gt;<!-- c --></a>' WHERE id = 1;
UPDATE types.scalars SET x = XMLPARSE(CONTENT 'text <b/> more') WHERE id = 2;
\endif
\if :v14
UPDATE types.scalars SET n = '-Infinity' WHERE id = 4;
CREATE TYPE types.text_range AS RANGE (subtype = text, multirange_type_name = types."text multirange", collation = "C");
CREATE TABLE types.multiranges (i int4multirange, t tstzmultirange, own types."text multirange");
INSERT INTO types.multiranges VALUES ('{[1,3), [5,9)}', '{}', '{[a,b], ["x,y",z)}'), (NULL, '{(,)}', NULL);
\endif
CREATE TABLE types.no_columns ();
INSERT INTO types.no_columns SELECT FROM generate_series(1, 17);
CREATE TABLE types.only_generated (a int GENERATED ALWAYS AS (1 + 1) STORED, b text GENERATED ALWAYS AS ('x;' || E'\n') STORED);
INSERT INTO types.only_generated SELECT FROM generate_series(1, 5);
CREATE TABLE types.no_rows (a int, b text);
CREATE TABLE types.dropped (gone1 int, a int, gone2 text DEFAULT 'x' NOT NULL, b text, gone3 int);
INSERT INTO types.dropped (gone1, a, b) SELECT i, i, 'before' || i FROM generate_series(1, 20) i;
ALTER TABLE types.dropped DROP COLUMN gone1, DROP COLUMN gone2, DROP COLUMN gone3, ADD COLUMN c int DEFAULT 5, ADD COLUMN d text DEFAULT 'added later' NOT NULL;
INSERT INTO types.dropped (a, b) SELECT i, 'after' || i FROM generate_series(21, 40) i;
CREATE TABLE types.all_dropped (a int, b int);
INSERT INTO types.all_dropped VALUES (1, 2), (3, 4);
ALTER TABLE types.all_dropped DROP COLUMN a, DROP COLUMN b;
SELECT format('CREATE TABLE types.wide (%s)', string_agg(format('c%s text', i), ', ')) FROM generate_series(1, 400) i \gexec
INSERT INTO types.wide (c1, c200, c400) SELECT i, repeat('w', i), 'end' FROM generate_series(1, 100) i;
CREATE TABLE types.typed OF types.pair (a WITH OPTIONS PRIMARY KEY, c DEFAULT 'sad');
INSERT INTO types.typed VALUES (1, 'one', 'happy'), (2, NULL, NULL);
CREATE TABLE types.giants (id int PRIMARY KEY, kind text, packed text, plain text, bin bytea);
ALTER TABLE types.giants ALTER COLUMN plain SET STORAGE EXTERNAL, ALTER COLUMN packed SET STATISTICS 500, ALTER COLUMN bin SET STORAGE EXTERNAL;
INSERT INTO types.giants VALUES (1, '20 MB that pack well', repeat('giant \ value' || E'\n', 1450000), NULL, NULL);
INSERT INTO types.giants SELECT 2, '6 MB that do not', NULL, string_agg(md5(i::text), ''), decode(string_agg(md5((-i)::text), ''), 'hex') FROM generate_series(1, 190000) i;
INSERT INTO types.giants SELECT i, 'medium', repeat(md5(i::text), 100 + i), repeat(E'\\', i), decode(repeat(md5(i::text), 50), 'hex') FROM generate_series(3, 400) i;

-- Identity, generated columns, sequences -------------------------------------------------------------------------------------------
CREATE TABLE public.identities (always_id int GENERATED ALWAYS AS IDENTITY (START WITH 10 INCREMENT BY 5), by_default_id smallint GENERATED BY DEFAULT AS IDENTITY (MINVALUE -100 START -100 CYCLE),
  a int, twice int GENERATED ALWAYS AS (a * 2) STORED, "label ;" text GENERATED ALWAYS AS ('n' || a::text) STORED);
INSERT INTO public.identities (a) SELECT i FROM generate_series(1, 100) i;
CREATE SEQUENCE public.never_called START 7;
CREATE SEQUENCE public.called_once; SELECT nextval('public.called_once') \g /dev/null
CREATE SEQUENCE public.negative INCREMENT -3 MINVALUE -1000 MAXVALUE -1 START -5 CYCLE; SELECT nextval('public.negative') \g /dev/null
CREATE SEQUENCE public.tiny AS smallint MAXVALUE 3 CACHE 2 CYCLE; SELECT nextval('public.tiny') \g /dev/null
CREATE SEQUENCE public."Odd.Seq ""q""" MINVALUE -9223372036854775808 START 9223372036854775807; SELECT setval('public."Odd.Seq ""q"""', 5, false) \g /dev/null
CREATE TABLE public.serials (id serial PRIMARY KEY, big bigserial, t text);
ALTER SEQUENCE public.serials_big_seq OWNED BY NONE;
CREATE SEQUENCE public.owned_elsewhere OWNED BY public.serials.t;
INSERT INTO public.serials (t) SELECT 's' || i FROM generate_series(1, 42) i;
COMMENT ON SEQUENCE public.negative IS 'counts down';
GRANT USAGE ON SEQUENCE public.never_called TO everything_reader;
\if :v15
CREATE UNLOGGED SEQUENCE public.unlogged_sequence START 3;
\endif

-- Partitions -----------------------------------------------------------------------------------------------------------------------
CREATE TABLE parts.measured (id bigint NOT NULL, at timestamptz NOT NULL, region text NOT NULL, v float8) PARTITION BY RANGE (at);
CREATE TABLE parts.measured_2024 PARTITION OF parts.measured FOR VALUES FROM ('2024-01-01 00:00+00') TO ('2025-01-01 00:00+00') PARTITION BY LIST (region);
CREATE TABLE parts.measured_2024_eu PARTITION OF parts.measured_2024 FOR VALUES IN ('eu', 'uk''s');
CREATE TABLE parts.measured_2024_rest PARTITION OF parts.measured_2024 DEFAULT PARTITION BY HASH (id);
CREATE TABLE parts.measured_2024_rest_0 PARTITION OF parts.measured_2024_rest FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE parts.measured_2024_rest_1 PARTITION OF parts.measured_2024_rest FOR VALUES WITH (MODULUS 2, REMAINDER 1) TABLESPACE "everything space";
CREATE TABLE parts.measured_old PARTITION OF parts.measured FOR VALUES FROM (MINVALUE) TO ('2024-01-01 00:00+00');
CREATE TABLE parts.measured_default PARTITION OF parts.measured DEFAULT;
CREATE TABLE parts.attached (gone int, v float8, region text NOT NULL, at timestamptz NOT NULL, id bigint NOT NULL, CHECK (at >= '2025-01-01 00:00+00' AND at < '2026-01-01 00:00+00'));
ALTER TABLE parts.attached DROP COLUMN gone;
ALTER TABLE parts.measured ATTACH PARTITION parts.attached FOR VALUES FROM ('2025-01-01 00:00+00') TO ('2026-01-01 00:00+00');
INSERT INTO parts.measured SELECT i, timestamptz '2023-06-01 00:00+00' + i * interval '4 hours', (array['eu', 'us', 'uk''s', '', 'ap'])[1 + i % 5], i / 7.0 FROM generate_series(1, 8000) i;
ALTER TABLE parts.measured ADD PRIMARY KEY (id, at, region);
CREATE INDEX measured_by_region ON parts.measured (region) WHERE v > 1;
CREATE INDEX only_the_root ON ONLY parts.measured (v);
COMMENT ON TABLE parts.measured_2024_rest IS 'nested';
CREATE TABLE parts.by_mood (m types.mood, n int, t text) PARTITION BY HASH (m);
CREATE TABLE parts.by_mood_0 PARTITION OF parts.by_mood FOR VALUES WITH (MODULUS 3, REMAINDER 0);
CREATE TABLE parts.by_mood_1 PARTITION OF parts.by_mood FOR VALUES WITH (MODULUS 3, REMAINDER 1);
CREATE TABLE parts.by_mood_2 PARTITION OF parts.by_mood FOR VALUES WITH (MODULUS 3, REMAINDER 2);
INSERT INTO parts.by_mood SELECT (enum_range(NULL::types.mood))[1 + i % 5], i, 'mood' || i FROM generate_series(1, 500) i;
CREATE TABLE parts.by_expression (a int, b text) PARTITION BY RANGE ((a % 10), lower(b) COLLATE "C");
CREATE TABLE parts.with_null (a int, b text) PARTITION BY LIST (b);
CREATE TABLE parts.with_null_or_x PARTITION OF parts.with_null FOR VALUES IN (NULL, 'x');
INSERT INTO parts.with_null VALUES (1, NULL), (2, 'x');
CREATE TABLE parts.by_expression_low PARTITION OF parts.by_expression FOR VALUES FROM (MINVALUE, MINVALUE) TO (5, 'm');
CREATE TABLE parts.by_expression_high PARTITION OF parts.by_expression FOR VALUES FROM (5, 'm') TO (MAXVALUE, MAXVALUE);
INSERT INTO parts.by_expression SELECT i, chr(97 + i % 26) FROM generate_series(1, 200) i;
CREATE TABLE parts.without_partitions (a int) PARTITION BY LIST (a);
CREATE TABLE parts.refers (id bigint, at timestamptz, region text, FOREIGN KEY (id, at, region) REFERENCES parts.measured (id, at, region)) PARTITION BY HASH (id);
CREATE TABLE parts.refers_0 PARTITION OF parts.refers FOR VALUES WITH (MODULUS 1, REMAINDER 0);
INSERT INTO parts.refers SELECT id, at, region FROM parts.measured WHERE id % 100 = 0;

-- Inheritance ----------------------------------------------------------------------------------------------------------------------
CREATE TABLE public.animals (id serial PRIMARY KEY, name text NOT NULL DEFAULT 'no name', CONSTRAINT named CHECK (name <> ''), CONSTRAINT root_only CHECK (id > 0) NO INHERIT);
CREATE TABLE public.pets (owner text, name text DEFAULT 'a pet') INHERITS (public.animals);
ALTER TABLE public.pets ADD COLUMN late int DEFAULT 3;
CREATE TABLE public.robots (serial_number text, id int NOT NULL);
CREATE TABLE public.robot_pets (extra jsonb) INHERITS (public.pets, public.robots);
INSERT INTO public.animals (name) SELECT 'animal' || i FROM generate_series(1, 30) i;
INSERT INTO public.pets (name, owner) SELECT 'pet' || i, NULL FROM generate_series(1, 20) i;
INSERT INTO public.robot_pets (id, name, serial_number, extra) SELECT 1000 + i, 'robot' || i, 'sn', '{}' FROM generate_series(1, 10) i;
CREATE TABLE public.adopted (id int NOT NULL, name text NOT NULL, owner text, late int, own text, CONSTRAINT named CHECK (name <> ''));
ALTER TABLE public.adopted INHERIT public.pets;
INSERT INTO public.adopted VALUES (5, 'n', 'o', 1, 'own');

-- Constraints, keys, indexes -------------------------------------------------------------------------------------------------------
CREATE TABLE public.hens (id int PRIMARY KEY, egg int UNIQUE DEFERRABLE INITIALLY DEFERRED, mother int REFERENCES public.hens ON DELETE SET NULL ON UPDATE CASCADE);
CREATE TABLE public.eggs (id int PRIMARY KEY, hen int NOT NULL CONSTRAINT laid_by REFERENCES public.hens DEFERRABLE INITIALLY DEFERRED);
ALTER TABLE public.hens ADD CONSTRAINT hatched_from FOREIGN KEY (egg) REFERENCES public.eggs MATCH FULL DEFERRABLE;
BEGIN; INSERT INTO public.hens SELECT i, NULL, NULLIF(i / 2, 0) FROM generate_series(1, 200) i; INSERT INTO public.eggs SELECT i, 201 - i FROM generate_series(1, 200) i;
UPDATE public.hens SET egg = id; COMMIT;
CREATE TABLE public.bookings (room int, during tstzrange, cancelled boolean DEFAULT false, CONSTRAINT no_overlap EXCLUDE USING gist (during WITH &&) WHERE (NOT cancelled) DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT "room; positive" CHECK (room > 0));
INSERT INTO public.bookings SELECT 1, tstzrange(timestamptz '2024-01-01 00:00+00' + i * interval '1 hour', timestamptz '2024-01-01 00:00+00' + (i + 1) * interval '1 hour') FROM generate_series(1, 100) i;
CREATE TABLE public.broken (id int, ref int, note text);
INSERT INTO public.broken SELECT i, i * 1000, CASE WHEN i % 2 = 0 THEN 'bad' END FROM generate_series(1, 10) i;
ALTER TABLE public.broken ADD CONSTRAINT good CHECK (note <> 'bad') NOT VALID, ADD CONSTRAINT refers FOREIGN KEY (ref) REFERENCES public.hens NOT VALID;
CREATE TABLE public.indexed (a int, b text, c jsonb, d tsvector, e int[], f point, g text, PRIMARY KEY (a) INCLUDE (b));
INSERT INTO public.indexed SELECT i, 'b' || i % 10, jsonb_build_object('k', i), to_tsvector('simple', 'w' || i), array[i, i + 1], point(i, i), md5(i::text) FROM generate_series(1, 1000) i;
CREATE UNIQUE INDEX indexed_lower ON public.indexed (lower(g) text_pattern_ops DESC NULLS LAST) WITH (fillfactor = 70);
CREATE INDEX indexed_gin ON public.indexed USING gin (c jsonb_path_ops, d, e);
CREATE INDEX indexed_gist ON public.indexed USING gist (f);
CREATE INDEX indexed_brin ON public.indexed USING brin (a) WITH (pages_per_range = 16);
CREATE INDEX indexed_hash ON public.indexed USING hash (b);
CREATE INDEX indexed_spgist ON public.indexed USING spgist (g) TABLESPACE "everything space";
CREATE INDEX indexed_expression ON public.indexed ((a % 7), (b || ';')) INCLUDE (g) WHERE b <> 'it''s';
ALTER INDEX public.indexed_expression ALTER COLUMN 1 SET STATISTICS 300;
ALTER TABLE public.indexed CLUSTER ON indexed_lower;
ALTER TABLE public.indexed REPLICA IDENTITY USING INDEX indexed_pkey;
ALTER TABLE public.indexed ADD CONSTRAINT g_unique UNIQUE (g) WITH (fillfactor = 80);
ALTER TABLE public.hens REPLICA IDENTITY FULL;
COMMENT ON INDEX public.indexed_gin IS 'gin';
COMMENT ON CONSTRAINT no_overlap ON public.bookings IS 'one at a time';
CREATE STATISTICS public.indexed_stats (ndistinct, dependencies, mcv) ON a, b FROM public.indexed;
ALTER STATISTICS public.indexed_stats SET STATISTICS 50;
COMMENT ON STATISTICS public.indexed_stats IS 'together';
\if :v14
CREATE STATISTICS public.expression_stats ON (a % 3), (lower(b)) FROM public.indexed;
\endif
\if :v15
CREATE TABLE public.nulls_alike (a int, b int, UNIQUE NULLS NOT DISTINCT (a, b));
INSERT INTO public.nulls_alike VALUES (1, NULL), (NULL, NULL);
CREATE TABLE public.set_null_some (a int, b int, FOREIGN KEY (a) REFERENCES public.hens ON DELETE SET NULL (a));
\endif
CREATE TABLE public.placed (a int PRIMARY KEY USING INDEX TABLESPACE "everything space", b text) WITH (fillfactor = 50, autovacuum_enabled = off, toast.autovacuum_enabled = off) TABLESPACE "everything space";
INSERT INTO public.placed SELECT i, 'p' || i FROM generate_series(1, 100) i;
CREATE UNLOGGED TABLE public.unlogged (a int PRIMARY KEY, b text);
INSERT INTO public.unlogged SELECT i, 'u' || i FROM generate_series(1, 100) i;
CREATE ACCESS METHOD second_heap TYPE TABLE HANDLER heap_tableam_handler;
CREATE TABLE public.on_second_heap (a int) USING second_heap;
INSERT INTO public.on_second_heap SELECT generate_series(1, 100);
\if :v14
CREATE TABLE public.compressed (a text COMPRESSION pglz);
\if :has_lz4
ALTER TABLE public.compressed ADD COLUMN b text COMPRESSION lz4;
\endif
INSERT INTO public.compressed (a) SELECT repeat('c', 5000);
\endif

-- Functions, procedures, operators, languages --------------------------------------------------------------------------------------
CREATE FUNCTION public.looks_like_a_dump() RETURNS text LANGUAGE plpgsql AS $body$
BEGIN
  RETURN '--
-- Name: victim; Type: TABLE; Schema: public; Owner: postgres
--

DROP TABLE public.hens;
\restrict abc
\.
COPY public.hens FROM stdin;
1	2	3
\.
--
-- PostgreSQL database dump complete
--
';
END; -- it's a "comment"; with $1 and /* nothing */
$body$;
CREATE FUNCTION public.quotes(a text DEFAULT 'it''s; "x" $$', VARIADIC rest int[] DEFAULT '{}') RETURNS SETOF types.pair LANGUAGE sql STABLE COST 7 ROWS 3 SECURITY DEFINER SET search_path = pg_catalog, public SET work_mem TO '3MB'
AS 'SELECT 1, ''two; $x$ \ '' || $1, ''sad''::types.mood';
CREATE FUNCTION public.overloaded(int) RETURNS int LANGUAGE sql IMMUTABLE PARALLEL SAFE LEAKPROOF AS 'SELECT $1 + 1';
CREATE FUNCTION public.overloaded(text) RETURNS text LANGUAGE sql IMMUTABLE AS $_$SELECT $1 || $$;$$$_$;
CREATE FUNCTION public.out_of(OUT a int, INOUT b text, OUT c types.mood) LANGUAGE plpgsql AS $$BEGIN a := 1; c := 'sad'; END$$;
CREATE FUNCTION public.table_of(n int) RETURNS TABLE (i int, "Sq" bigint) LANGUAGE sql AS 'SELECT g, g::bigint * g FROM generate_series(1, n) g';
CREATE PROCEDURE public.proc(INOUT x int, y text DEFAULT 'a;b') LANGUAGE plpgsql AS $$BEGIN COMMIT; x := x + 1; END$$;
CREATE FUNCTION public.before_its_table(public.hens) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT ($1).id';
COMMENT ON FUNCTION public.overloaded(text) IS '; DROP TABLE';
COMMENT ON PROCEDURE public.proc(int, text) IS E'\\. \\';
ALTER FUNCTION public.overloaded(int) OWNER TO everything_owner;
REVOKE EXECUTE ON FUNCTION public.overloaded(int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION public.overloaded(int) TO everything_reader WITH GRANT OPTION;
GRANT EXECUTE ON PROCEDURE public.proc(int, text) TO "Everything ""quoted"" role";
\if :v14
CREATE FUNCTION public.atomic(a int) RETURNS SETOF text LANGUAGE sql BEGIN ATOMIC
  SELECT 'one; two' AS a; SELECT b FROM public.indexed WHERE a = $1 AND b <> 'it''s;'; SELECT CASE WHEN $1 > 0 THEN 'x' ELSE 'END' END AS e; END;
CREATE PROCEDURE public.atomic_procedure() LANGUAGE sql BEGIN ATOMIC INSERT INTO public.hens (id) VALUES (100000); DELETE FROM public.hens WHERE id = 100000; END;
CREATE FUNCTION public.atomic_return(a int, b int) RETURNS int LANGUAGE sql IMMUTABLE RETURN a + b;
\endif
CREATE AGGREGATE public.total(int) (SFUNC = int4pl, STYPE = int, INITCOND = '0', PARALLEL = safe, COMBINEFUNC = int4pl);
CREATE AGGREGATE public.ordered(float8 ORDER BY anyelement) (SFUNC = ordered_set_transition, STYPE = internal, FINALFUNC = percentile_disc_final, FINALFUNC_EXTRA);
CREATE AGGREGATE public."Odd Agg"(*) (SFUNC = int8inc, STYPE = bigint, INITCOND = '0');
COMMENT ON AGGREGATE public.total(int) IS 'sum';
CREATE FUNCTION public.far_apart(point, point) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT ($1 <-> $2) > 10';
CREATE OPERATOR public.<-/-> (LEFTARG = point, RIGHTARG = point, FUNCTION = public.far_apart, COMMUTATOR = OPERATOR(public.<-/->), RESTRICT = contsel);
CREATE OPERATOR public.!~!! (RIGHTARG = int, FUNCTION = public.overloaded);
COMMENT ON OPERATOR public.<-/-> (point, point) IS 'far';
CREATE FUNCTION public.reversed(int, int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT btint4cmp($2, $1)';
CREATE OPERATOR FAMILY public.reversed_family USING btree;
CREATE OPERATOR CLASS public.reversed_ops FOR TYPE int USING btree FAMILY public.reversed_family AS OPERATOR 1 > , OPERATOR 2 >= , OPERATOR 3 = , OPERATOR 4 <= , OPERATOR 5 < , FUNCTION 1 public.reversed(int, int);
ALTER OPERATOR FAMILY public.reversed_family USING btree ADD FUNCTION 2 (int, int) btint4sortsupport(internal);
CREATE INDEX indexed_reversed ON public.indexed (a public.reversed_ops);
CREATE FUNCTION public.second_handler() RETURNS language_handler LANGUAGE c AS '$libdir/plpgsql', 'plpgsql_call_handler';
CREATE FUNCTION public.second_inline(internal) RETURNS void LANGUAGE c STRICT AS '$libdir/plpgsql', 'plpgsql_inline_handler';
CREATE FUNCTION public.second_validator(oid) RETURNS void LANGUAGE c STRICT AS '$libdir/plpgsql', 'plpgsql_validator';
CREATE TRUSTED LANGUAGE second_plpgsql HANDLER public.second_handler INLINE public.second_inline VALIDATOR public.second_validator;
COMMENT ON LANGUAGE second_plpgsql IS 'again';
GRANT USAGE ON LANGUAGE second_plpgsql TO everything_reader;
CREATE FUNCTION public.in_second() RETURNS int LANGUAGE second_plpgsql AS 'BEGIN RETURN 2; END';
CREATE COLLATION types."my C" (provider = libc, locale = 'C');
\if :has_icu
CREATE COLLATION types.insensitive (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
CREATE TABLE types.collated (a text COLLATE types.insensitive PRIMARY KEY, b text COLLATE types."my C");
INSERT INTO types.collated VALUES ('Ä', 'x'), ('b', 'Y');
CREATE INDEX ON types.collated (b COLLATE "C", a);
\endif
COMMENT ON COLLATION types."my C" IS 'bytes';
CREATE CONVERSION types.own_latin FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
COMMENT ON CONVERSION types.own_latin IS 'conversion';
CREATE TEXT SEARCH TEMPLATE types.own_template (INIT = dsimple_init, LEXIZE = dsimple_lexize);
CREATE TEXT SEARCH DICTIONARY types.own_dictionary (TEMPLATE = types.own_template, STOPWORDS = russian);
CREATE TEXT SEARCH PARSER types.own_parser (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = prsd_lextype);
CREATE TEXT SEARCH CONFIGURATION types.own_configuration (PARSER = types.own_parser);
ALTER TEXT SEARCH CONFIGURATION types.own_configuration ADD MAPPING FOR asciiword, word WITH types.own_dictionary, russian_stem;
COMMENT ON TEXT SEARCH CONFIGURATION types.own_configuration IS 'search';
COMMENT ON TEXT SEARCH DICTIONARY types.own_dictionary IS 'words';
ALTER TABLE public.indexed ADD COLUMN searchable tsvector GENERATED ALWAYS AS (to_tsvector('types.own_configuration', b)) STORED;

-- Views, materialized views, rules, triggers ---------------------------------------------------------------------------------------
CREATE VIEW public.v_simple AS SELECT a, b AS "B ;", 'it''s; -- x' AS c FROM public.indexed WHERE b <> E'\\';
CREATE VIEW public.v_checked WITH (security_barrier) AS SELECT * FROM public.hens WHERE id > 10 WITH CASCADED CHECK OPTION;
CREATE VIEW public.v_dropped AS SELECT * FROM types.dropped;
CREATE RECURSIVE VIEW public.v_numbers (n) AS VALUES (1) UNION ALL SELECT n + 1 FROM v_numbers WHERE n < 10;
CREATE VIEW public.v_ruled AS SELECT id, t FROM public.serials;
ALTER VIEW public.v_ruled ALTER COLUMN t SET DEFAULT 'from the view; "default"';
CREATE RULE insert_it AS ON INSERT TO public.v_ruled DO INSTEAD INSERT INTO public.serials (t) VALUES (new.t) RETURNING id, t;
CREATE RULE two_things AS ON DELETE TO public.v_ruled DO INSTEAD (DELETE FROM public.serials WHERE id = old.id; NOTIFY gone; );
CREATE RULE nothing AS ON UPDATE TO public.v_ruled DO INSTEAD NOTHING;
CREATE RULE on_table AS ON INSERT TO types.no_rows WHERE new.a > 100 DO ALSO DELETE FROM types.no_rows WHERE a < 0;
ALTER TABLE types.no_rows DISABLE RULE on_table;
COMMENT ON RULE nothing ON public.v_ruled IS 'never';
COMMENT ON VIEW public.v_simple IS 'view';
\if :v15
CREATE VIEW public.v_invoker WITH (security_invoker = true) AS SELECT 1 AS one;
\endif
CREATE VIEW public.v_loop AS SELECT 1 AS a, 'x'::text AS b;
CREATE FUNCTION public.of_loop() RETURNS SETOF public.v_loop LANGUAGE sql AS 'SELECT 1, ''y''::text';
CREATE OR REPLACE VIEW public.v_loop AS SELECT a, b FROM public.of_loop();
CREATE MATERIALIZED VIEW public.mv_first AS SELECT b, count(*) AS n FROM public.indexed GROUP BY b;
CREATE UNIQUE INDEX ON public.mv_first (b);
CREATE MATERIALIZED VIEW public.a_mv_second TABLESPACE "everything space" AS SELECT sum(n) AS total FROM public.mv_first WITH DATA;
CREATE MATERIALIZED VIEW public.mv_third AS SELECT total, v.n FROM public.a_mv_second, public.v_numbers v;
CREATE MATERIALIZED VIEW public.mv_empty AS SELECT * FROM public.mv_third WITH NO DATA;
COMMENT ON MATERIALIZED VIEW public.mv_first IS 'kept';
CREATE TABLE public.audited (id int PRIMARY KEY, v text, changed int DEFAULT 0);
INSERT INTO public.audited SELECT i, 'a' || i FROM generate_series(1, 50) i;
CREATE FUNCTION public.spoil() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN NEW.v := NEW.v || TG_ARGV[0]; NEW.changed := NEW.changed + 1; RETURN NEW; END$$;
CREATE FUNCTION public.complain() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RAISE EXCEPTION 'rows must be loaded before triggers exist'; END$$;
CREATE TRIGGER b_spoil BEFORE INSERT OR UPDATE OF v ON public.audited FOR EACH ROW WHEN (NEW.v IS NOT NULL) EXECUTE FUNCTION public.spoil('it''s; "x" \');
CREATE TRIGGER "Always ""t""" AFTER DELETE ON public.audited REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION public.complain();
CREATE TRIGGER for_replica BEFORE INSERT ON public.audited FOR EACH ROW EXECUTE FUNCTION public.complain();
CREATE TRIGGER off BEFORE INSERT ON public.audited EXECUTE FUNCTION public.complain();
CREATE CONSTRAINT TRIGGER deferred AFTER UPDATE ON public.audited DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.complain();
ALTER TABLE public.audited ENABLE ALWAYS TRIGGER "Always ""t""", ENABLE REPLICA TRIGGER for_replica, DISABLE TRIGGER off;
CREATE TRIGGER instead INSTEAD OF INSERT ON public.v_simple FOR EACH ROW EXECUTE FUNCTION public.complain();
CREATE TRIGGER on_partitions BEFORE UPDATE ON parts.measured FOR EACH ROW EXECUTE FUNCTION public.complain();
COMMENT ON TRIGGER off ON public.audited IS 'off';

-- Rights ---------------------------------------------------------------------------------------------------------------------------
CREATE TABLE public.guarded (id int PRIMARY KEY, owner name, secret text);
INSERT INTO public.guarded SELECT i, 'o' || i, 's' FROM generate_series(1, 20) i;
ALTER TABLE public.guarded ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY, OWNER TO everything_owner;
CREATE POLICY "see; own" ON public.guarded FOR SELECT TO everything_reader, "Everything ""quoted"" role" USING (owner = current_user OR secret = 'it''s');
CREATE POLICY strict ON public.guarded AS RESTRICTIVE FOR ALL USING (id > 0) WITH CHECK (id < 1000);
COMMENT ON POLICY strict ON public.guarded IS 'policy';
GRANT SELECT, INSERT (id, secret), UPDATE (secret) ON public.guarded TO everything_reader WITH GRANT OPTION;
GRANT ALL ON public.guarded TO "Everything ""quoted"" role";
SET ROLE everything_reader; GRANT SELECT ON public.guarded TO everything_agent; RESET ROLE;
REVOKE ALL ON public.hens FROM postgres; GRANT SELECT, TRIGGER ON public.hens TO PUBLIC;
\if :v14
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
\endif
GRANT SELECT ON public.v_simple, public.mv_first TO everything_reader;
ALTER DEFAULT PRIVILEGES IN SCHEMA types GRANT SELECT ON TABLES TO everything_reader;
ALTER DEFAULT PRIVILEGES FOR ROLE everything_owner GRANT INSERT ON TABLES TO everything_agent WITH GRANT OPTION;
ALTER DEFAULT PRIVILEGES FOR ROLE everything_owner REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES GRANT USAGE ON SCHEMAS TO "Everything ""quoted"" role";

-- Foreign data, extensions, publications, large objects ----------------------------------------------------------------------------
CREATE FOREIGN DATA WRAPPER without_handler OPTIONS (debug 'it''s; true');
CREATE SERVER far TYPE 't' VERSION '1.0' FOREIGN DATA WRAPPER without_handler OPTIONS (host 'x;y');
CREATE USER MAPPING FOR everything_owner SERVER far OPTIONS ("user" 'u', password 'p''w');
CREATE USER MAPPING FOR PUBLIC SERVER far;
CREATE FOREIGN TABLE public.far_away (a int OPTIONS (column_name 'A') NOT NULL, b text) SERVER far OPTIONS (t 'x');
CREATE TABLE parts.with_far (a int) PARTITION BY LIST (a);
CREATE TABLE parts.near PARTITION OF parts.with_far FOR VALUES IN (1);
CREATE FOREIGN TABLE parts.far PARTITION OF parts.with_far FOR VALUES IN (2) SERVER far;
INSERT INTO parts.near VALUES (1), (1);
COMMENT ON FOREIGN TABLE public.far_away IS 'far';
COMMENT ON SERVER far IS 'server';
COMMENT ON FOREIGN DATA WRAPPER without_handler IS 'wrapper';
GRANT USAGE ON FOREIGN DATA WRAPPER without_handler TO everything_owner WITH GRANT OPTION;
GRANT USAGE ON FOREIGN SERVER far TO everything_reader;
\if :has_contrib
CREATE SCHEMA ext;
CREATE EXTENSION hstore SCHEMA ext;
CREATE EXTENSION citext SCHEMA public;
CREATE EXTENSION btree_gist SCHEMA ext;
CREATE EXTENSION file_fdw SCHEMA ext;
COMMENT ON EXTENSION hstore IS 'pairs';
CREATE TABLE ext.uses (id int PRIMARY KEY, h ext.hstore, c public.citext UNIQUE, r int4range, EXCLUDE USING gist (id WITH =, r WITH &&));
INSERT INTO ext.uses SELECT i, ext.hstore('k', 'v"' || i), 'Ci' || i, int4range(i, i + 1) FROM generate_series(1, 20) i;
CREATE INDEX ON ext.uses USING gist (h);
CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;
CREATE FOREIGN TABLE ext.unreachable (a int) SERVER files OPTIONS (filename '/nowhere/at all', format 'csv');
\endif
\if :has_settings_extension
CREATE EXTENSION everything_settings;
INSERT INTO everything_settings.options VALUES ('user.theme', E'dark\\\n;'), ('user.volume', NULL);
INSERT INTO everything_settings.all_rows SELECT i FROM generate_series(1, 30) i;
SELECT setval('everything_settings.counter', 99) \g /dev/null
\endif
CREATE PUBLICATION everything_at_once FOR ALL TABLES WITH (publish = 'insert, update');
CREATE PUBLICATION "some; tables" FOR TABLE public.indexed, parts.measured WITH (publish_via_partition_root);
COMMENT ON PUBLICATION "some; tables" IS 'some';
\if :v15
CREATE PUBLICATION filtered FOR TABLE public.audited (id, v) WHERE (id > 3 AND v <> 'it''s;') WITH (publish = 'insert');
CREATE PUBLICATION whole_schema FOR TABLES IN SCHEMA "Схема 😀";
\endif
SELECT lo_from_bytea(400001, decode(string_agg(md5(i::text), ''), 'hex')) FROM generate_series(1, 150000) i \g /dev/null
SELECT lo_create(400002) \g /dev/null
SELECT lo_from_bytea(400003, '\x005c0a2e0d') \g /dev/null
SELECT lo_from_bytea(500000 + i, int4send(i)) FROM generate_series(1, 1100) i \g /dev/null
COMMENT ON LARGE OBJECT 400001 IS 'it''s large;';
ALTER LARGE OBJECT 400003 OWNER TO everything_owner;
GRANT SELECT ON LARGE OBJECT 400001 TO everything_reader, PUBLIC;
GRANT ALL ON LARGE OBJECT 400003 TO "Everything ""quoted"" role" WITH GRANT OPTION;
CREATE TABLE public.refers_to_objects (id int, o oid);
INSERT INTO public.refers_to_objects VALUES (1, 400001), (2, 400002), (3, 400003);

-- Last, as it would see the rest being made ----------------------------------------------------------------------------------------
CREATE FUNCTION public.on_ddl() RETURNS event_trigger LANGUAGE plpgsql AS $$BEGIN IF tg_tag = 'CREATE TABLE' THEN RAISE EXCEPTION 'tables must be made before event triggers'; END IF; END$$;
CREATE EVENT TRIGGER watch ON ddl_command_end WHEN TAG IN ('CREATE TABLE', 'CREATE TABLE AS', 'ALTER TABLE') EXECUTE FUNCTION public.on_ddl();
CREATE EVENT TRIGGER watch_drop ON sql_drop EXECUTE FUNCTION public.on_ddl();
ALTER EVENT TRIGGER watch_drop DISABLE;
CREATE EVENT TRIGGER always_on ON ddl_command_start WHEN TAG IN ('CREATE SCHEMA') EXECUTE FUNCTION public.on_ddl();
ALTER EVENT TRIGGER always_on ENABLE ALWAYS;
COMMENT ON EVENT TRIGGER watch IS 'watched';
