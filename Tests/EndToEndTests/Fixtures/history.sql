-- A database with a history: what stands in it is not what its statements would make today, and not all of it is carried by pg_dump.
--   psql -v ON_ERROR_STOP=1 -f history.sql DATABASE       (a superuser's; the database empty, from template0; PostgreSQL 14 to 18 with contrib)
\set ON_ERROR_STOP on
SET client_min_messages=error;
select :SERVER_VERSION_NUM >= 180000 as v18 \gset
DROP SCHEMA public CASCADE; CREATE SCHEMA public; COMMENT ON SCHEMA public IS 'mine'; 
DROP EXTENSION plpgsql; CREATE EXTENSION plpgsql; 
CREATE EXTENSION hstore; COMMENT ON EXTENSION hstore IS NULL; CREATE EXTENSION file_fdw;
CREATE SCHEMA ext; CREATE EXTENSION citext SCHEMA ext; 
CREATE EXTENSION everything_settings;
CREATE INDEX own_on_ext ON everything_settings.options (value);
ALTER TABLE everything_settings.options ADD CHECK (name <> '');
COMMENT ON TABLE everything_settings.options IS 'x';
CREATE TABLE everything_settings.mine (a int primary key);
-- Common to all databases: another test may make it at the same moment.
DO $$ BEGIN CREATE ROLE history_reader; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$; 
GRANT SELECT ON everything_settings.options TO history_reader;
CREATE TABLE t (a int primary key, b text default 'x', c int not null);
GRANT SELECT ON t TO history_reader; REVOKE SELECT ON t FROM history_reader;
GRANT SELECT (b) ON t TO history_reader; REVOKE SELECT (b) ON t FROM history_reader;
CREATE FUNCTION f(int) returns int language sql immutable as 'select 1';
GRANT EXECUTE ON FUNCTION f(int) TO PUBLIC;
INSERT INTO t SELECT i, 'x', 1 FROM generate_series(1,10) i;
\set ON_ERROR_STOP off
CREATE UNIQUE INDEX CONCURRENTLY bad ON t (c);
\set ON_ERROR_STOP on
COMMENT ON INDEX bad IS 'bad';
CREATE TABLE r (a int not null); CREATE UNIQUE INDEX ri ON r (a); ALTER TABLE r REPLICA IDENTITY USING INDEX ri; DROP INDEX ri;
CREATE TABLE p (a int, b int not null, check (a > 0), primary key (a), unique (a, b)) PARTITION BY RANGE (a);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10);
CREATE TABLE p2 (b int not null, a int not null, constraint p_a_check check (a > 0));
ALTER TABLE p2 ADD PRIMARY KEY (a);
ALTER TABLE p ATTACH PARTITION p2 FOR VALUES FROM (10) TO (20);
CREATE TABLE p3 PARTITION OF p FOR VALUES FROM (20) TO (30); ALTER TABLE p DETACH PARTITION p3;
CREATE TABLE q (x int references p, y int);
CREATE TABLE q2 (x int, y int) PARTITION BY LIST (y); CREATE TABLE q21 PARTITION OF q2 FOR VALUES IN (1);
ALTER TABLE q21 ADD FOREIGN KEY (x) REFERENCES p;
ALTER TABLE q2 ADD FOREIGN KEY (x) REFERENCES p;
CREATE TABLE q3 (x int, y int, foreign key (x) references p) PARTITION BY LIST (y); CREATE TABLE q31 PARTITION OF q3 FOR VALUES IN (1); ALTER TABLE q3 DETACH PARTITION q31;
CREATE TABLE p4 PARTITION OF p FOR VALUES FROM (40) TO (50);
COMMENT ON CONSTRAINT p_a_check ON p2 IS 'x';
CREATE FUNCTION trg() RETURNS trigger LANGUAGE plpgsql AS 'begin return new; end';
CREATE TRIGGER a BEFORE INSERT ON p FOR EACH ROW EXECUTE FUNCTION trg();
ALTER TABLE p1 DISABLE TRIGGER a;
COMMENT ON TRIGGER a ON p1 IS 'clone';
CREATE TRIGGER a BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION trg();
ALTER TABLE t DISABLE TRIGGER ALL;
ALTER TABLE q DISABLE TRIGGER ALL;
CREATE TABLE base (a int not null default 3, b int, constraint bb check (b > 0)); CREATE TABLE child (c int) INHERITS (base);
CREATE TABLE child2 (a int not null default 4, b int, constraint bb check (b > 0)) INHERITS (base);
CREATE TABLE child3 (a int not null default 4, b int, constraint bb check (b > 0)); ALTER TABLE child3 INHERIT base;
CREATE TABLE child4 (a int default 9) INHERITS (child, child2);
ALTER TABLE child ALTER a DROP DEFAULT;
ALTER TABLE child3 NO INHERIT base;
CREATE TABLE childp (primary key (a)) INHERITS (base);
ALTER TABLE base ADD z int not null default 5; ALTER TABLE ONLY base ADD PRIMARY KEY (a);
\if :v18
ALTER TABLE base ADD CONSTRAINT znn NOT NULL b NOT VALID;
ALTER TABLE t DROP CONSTRAINT t_pkey; 
\endif
CREATE SERVER fs FOREIGN DATA WRAPPER file_fdw; CREATE USER MAPPING FOR public SERVER fs; 
CREATE TYPE rng AS RANGE (subtype = int); CREATE TYPE comp AS (a int, b rng);
COMMENT ON TYPE t IS 'row type';
CREATE TABLE seqs (a int generated always as identity, b serial, c bigserial); ALTER TABLE seqs DROP COLUMN b; ALTER TABLE seqs ALTER a DROP IDENTITY; 
CREATE VIEW v AS SELECT * FROM t; ALTER VIEW v ALTER b SET DEFAULT 'q';
CREATE MATERIALIZED VIEW m1 AS SELECT 1 AS a WITH NO DATA; CREATE MATERIALIZED VIEW m2 AS SELECT 1 AS a; CREATE INDEX ON m2 (a); ALTER MATERIALIZED VIEW m2 CLUSTER ON m2_a_idx;
CREATE STATISTICS st ON a, c FROM t; 
CREATE PUBLICATION pub FOR TABLE everything_settings.mine, everything_settings.options, t;
ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO history_reader;
ALTER DEFAULT PRIVILEGES IN SCHEMA ext GRANT SELECT ON TABLES TO history_reader;
ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON FUNCTIONS TO history_reader; ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM history_reader; 
CREATE TABLE later (a int); CREATE FUNCTION later() returns int language sql as 'select 1'; CREATE SCHEMA later; CREATE TABLE later.x (a int);
REVOKE ALL ON later FROM history_reader;
