-- What PostgreSQL 18 added to what a dump has to carry; comes after everything.sql.
\set ON_ERROR_STOP on
\set QUIET on
SET client_min_messages = error;
ALTER EVENT TRIGGER watch DISABLE;
CREATE TABLE types.virtual_columns (a int, doubled int GENERATED ALWAYS AS (a * 2) VIRTUAL, stored int GENERATED ALWAYS AS (a * 3) STORED, b text);
INSERT INTO types.virtual_columns (a, b) SELECT i, 'v' || i FROM generate_series(1, 50) i;
CREATE TABLE types.only_virtual (a int GENERATED ALWAYS AS (1) VIRTUAL);
INSERT INTO types.only_virtual SELECT FROM generate_series(1, 4);
CREATE TABLE types.not_null_not_valid (a int);
INSERT INTO types.not_null_not_valid VALUES (NULL), (1);
ALTER TABLE types.not_null_not_valid ADD CONSTRAINT later NOT NULL a NOT VALID;
CREATE TABLE types.not_enforced (a int CONSTRAINT wish CHECK (a > 0) NOT ENFORCED, h int REFERENCES public.hens NOT ENFORCED);
INSERT INTO types.not_enforced VALUES (-1, -1);
CREATE TABLE types.named_not_null (a int CONSTRAINT "never; null" NOT NULL NO INHERIT);
COMMENT ON CONSTRAINT "never; null" ON types.named_not_null IS 'named';
CREATE TABLE types.periods (room int4range, during daterange, PRIMARY KEY (room, during WITHOUT OVERLAPS));
INSERT INTO types.periods VALUES ('[1,2)', '[2024-01-01,2024-02-01)'), ('[1,2)', '[2024-02-01,2024-03-01)');
CREATE TABLE types.within_periods (room int4range, during daterange, FOREIGN KEY (room, PERIOD during) REFERENCES types.periods (room, PERIOD during));
INSERT INTO types.within_periods VALUES ('[1,2)', '[2024-01-10,2024-02-10)');
ALTER EVENT TRIGGER watch ENABLE;
