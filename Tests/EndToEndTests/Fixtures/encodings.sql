-- Text and names in the database's own encoding, made from bytes so that this file is plain ASCII whatever the encoding.
\set ON_ERROR_STOP on
\set QUIET on
CREATE TABLE samples (id int PRIMARY KEY, t text);
CREATE TABLE own_letters AS
  SELECT CASE current_setting('server_encoding')
    WHEN 'SQL_ASCII' THEN '\xff80fe41c328a0'::bytea WHEN 'LATIN1' THEN '\xe9e8fcdf20a0ff' WHEN 'WIN1251' THEN '\xcff0e8e2e5f22c20ece8f0b9'
    WHEN 'EUC_JP' THEN '\xc6fccbdcb8ec8ec48fb0a1' ELSE '\xd09fd180d0b8d0b2d0b5d182' END AS bytes;
INSERT INTO samples SELECT i, convert_from(bytes, current_setting('server_encoding')) || E'\t\\' || i FROM own_letters, generate_series(1, 500) i;
DO $$
DECLARE name text := (SELECT convert_from(bytes, current_setting('server_encoding')) FROM own_letters);
BEGIN
  EXECUTE format('CREATE TABLE %I (id int, %I text DEFAULT %L CHECK (%I <> %L))', name, name || '"', name, name || '"', name || ' no');
  EXECUTE format('INSERT INTO %I SELECT i FROM generate_series(1, 50) i', name);
  EXECUTE format('COMMENT ON TABLE %I IS %L', name, name);
  EXECUTE format('CREATE FUNCTION says() RETURNS text LANGUAGE sql AS %L', 'SELECT ' || quote_literal(name) || '::text');
  EXECUTE format('CREATE INDEX %I ON samples (t)', name || ' index');
END $$;
