-- Instants wherever a definition can hold one, for a session in any time zone.
SET TimeZone = 'UTC';
CREATE TABLE calls (id bigint NOT NULL, at timestamptz NOT NULL DEFAULT '2026-02-14 00:00:00+00'::timestamptz) PARTITION BY RANGE (at);
CREATE TABLE calls_2025 PARTITION OF calls FOR VALUES FROM ('2025-01-01 00:00:00+00') TO ('2026-01-01 00:00:00+00');
CREATE TABLE calls_2026 PARTITION OF calls FOR VALUES FROM ('2026-01-01 00:00:00+00') TO ('2027-01-01 00:00:00.5+00');
CREATE TABLE calls_on_the_hour PARTITION OF calls DEFAULT;
INSERT INTO calls SELECT i, '2024-12-31 00:00:00+00'::timestamptz + i * interval '1 day 1 second' FROM generate_series(1, 900) i;
CREATE INDEX calls_new ON calls (id) WHERE at > '2026-01-01 00:00:00+00'::timestamptz;
CREATE TABLE shifts (day tstzrange DEFAULT '["2026-01-01 00:00:00+00","2026-01-02 00:00:00+00")'::tstzrange,
    CONSTRAINT after_opening CHECK (lower(day) >= '1890-05-01 00:00:00+00'::timestamptz));
INSERT INTO shifts VALUES (DEFAULT), ('["2026-03-01 08:00:00+00","2026-03-01 16:00:00+00")');
CREATE VIEW new_calls AS SELECT * FROM calls WHERE at >= '2026-06-01 00:00:00+00'::timestamptz;
CREATE FUNCTION since(at timestamptz DEFAULT '2026-02-14 00:00:00+00'::timestamptz) RETURNS interval LANGUAGE sql IMMUTABLE AS
    $$SELECT '2026-02-14 00:00:00+00'::timestamptz - at$$;
