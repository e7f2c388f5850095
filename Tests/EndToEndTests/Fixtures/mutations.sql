-- A little of every kind of object, each in a statement of its own.
CREATE TYPE mood AS ENUM ('calm', 'busy');
CREATE DOMAIN seconds AS int CHECK (VALUE >= 0);
CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.changed := now(); RETURN NEW; END $$;
CREATE TABLE agents (id int PRIMARY KEY, name text UNIQUE, mood mood DEFAULT 'calm', shift tstzrange, EXCLUDE USING gist (shift WITH &&));
CREATE TABLE calls (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, agent int NOT NULL REFERENCES agents, note text, took seconds,
    changed timestamptz);
CREATE TABLE notes (id serial PRIMARY KEY, call bigint REFERENCES calls, body text DEFAULT 'none');
CREATE TABLE settings (name text, value text);

INSERT INTO agents SELECT i, 'agent ' || i, 'busy', tstzrange('2026-01-01'::timestamptz + i * interval '1 h', '2026-01-01'::timestamptz
    + (i + 1) * interval '1 h') FROM generate_series(1, 40) i;
INSERT INTO calls (agent, note, took) SELECT i % 40 + 1, md5(i::text) || md5((i + 7)::text), i % 900 FROM generate_series(1, 2400) i;
INSERT INTO notes (call, body) SELECT i, 'about call ' || md5(i::text) FROM generate_series(1, 1200) i;
INSERT INTO settings VALUES ('greeting', 'hello'), ('language', 'de');
SELECT lo_from_bytea(4711, 'a voice');

CREATE VIEW busy AS SELECT name FROM agents WHERE mood = 'busy';
CREATE MATERIALIZED VIEW totals AS SELECT agent, count(*) FROM calls GROUP BY agent;
CREATE INDEX calls_by_agent ON calls (agent);
CREATE INDEX long_calls ON calls (took) WHERE took > 600;
CREATE UNIQUE INDEX totals_by_agent ON totals (agent);
CREATE STATISTICS calls_together ON agent, took FROM calls;
CREATE TRIGGER calls_stamp BEFORE UPDATE ON calls FOR EACH ROW EXECUTE FUNCTION stamp();
CREATE RULE notes_stay AS ON DELETE TO notes DO INSTEAD NOTHING;
ALTER TABLE settings ENABLE ROW LEVEL SECURITY;
CREATE POLICY settings_all ON settings USING (true);
ALTER TABLE notes ADD CONSTRAINT notes_said CHECK (body <> '') NOT VALID;
CREATE PUBLICATION feed FOR TABLE calls;
COMMENT ON TABLE calls IS 'every call';
COMMENT ON INDEX long_calls IS 'for the report';
GRANT SELECT ON calls TO PUBLIC;
