-- A call center's database for measuring and for the demo. Usage: psql -v scale=1 -f callcenter.sql DB
-- scale 1 is about 2.5 GB with indexes (about 2.0 GB as SQL text); one table, calls, dominates. Random bytes aside, it is deterministic.
\set ON_ERROR_STOP on
\if :{?scale} \else \set scale 1 \endif
create extension if not exists pgcrypto;
create type call_direction as enum ('inbound', 'outbound');
create table agents (id serial primary key, name text not null, email text unique, team text, hired_at date, skills text[], settings jsonb);
create table customers (id bigserial primary key, phone text not null, full_name text, tier int, created_at timestamptz default now(), notes text);
create table calls (id bigserial primary key, customer_id bigint not null references customers(id), agent_id int references agents(id),
  direction call_direction not null, started_at timestamptz not null, ended_at timestamptz, duration_s int, status text, queue text,
  rating smallint, cost numeric(10,4), metadata jsonb, trace uuid default gen_random_uuid());
create table call_events (id bigserial primary key, call_id bigint not null, at timestamptz not null, kind text not null, payload jsonb);
create table transcripts (call_id bigint primary key, lang text, body text, embedding float4[]);
create table recordings (call_id bigint primary key, codec text, bytes bytea);
insert into agents (name, email, team, hired_at, skills, settings)
  select 'Agent ' || i, 'a' || i || '@example.com', 'team' || (i % 20), date '2020-01-01' + (i % 1500), array['ru', 'en', 's' || (i % 9)],
         jsonb_build_object('theme', 'dark', 'lvl', i % 5) from generate_series(1, 2000) i;
insert into customers (phone, full_name, tier, created_at, notes)
  select '+7' || (9000000000 + i), 'Клиент ' || md5(i::text), i % 4, timestamptz '2021-01-01' + i * interval '30 s',
         case when i % 3 = 0 then repeat(md5((i * 7)::text), 3) end from generate_series(1, (500000 * :scale)::bigint) i;
insert into calls (customer_id, agent_id, direction, started_at, ended_at, duration_s, status, queue, rating, cost, metadata)
  select 1 + (i * 7919::bigint) % (500000 * :scale)::bigint, 1 + (i % 2000), (array['inbound', 'outbound'])[1 + i % 2]::call_direction,
         timestamptz '2022-01-01' + i * interval '11 s', timestamptz '2022-01-01' + i * interval '11 s' + ((i * 37) % 900) * interval '1 s',
         (i * 37) % 900, (array['answered', 'missed', 'voicemail', 'transferred'])[1 + (i % 4)], 'q' || (i % 37), (i % 6)::smallint,
         ((i * 13) % 100000) / 1000.0,
         jsonb_build_object('ivr', jsonb_build_array(i % 9, i % 7, i % 5), 'sip', md5(i::text), 'tags', jsonb_build_array('t' || (i % 100), 'c' || (i % 13)))
  from generate_series(1, (4000000 * :scale)::bigint) i;
insert into call_events (call_id, at, kind, payload)
  select 1 + (i % (4000000 * :scale)::bigint), timestamptz '2022-01-01' + i * interval '5 s', (array['ring', 'answer', 'hold', 'resume', 'hangup'])[1 + (i % 5)],
         case when i % 2 = 0 then jsonb_build_object('ch', i % 64, 'jit', (i * 31) % 200) end from generate_series(1, (6000000 * :scale)::bigint) i;
insert into transcripts
  select i, 'ru', (select string_agg(md5((i * 31 + k)::text) || ' добрый день, чем могу помочь ', '') from generate_series(1, 12) k),
         (select array_agg(((i * k) % 1000) / 1000.0::float4) from generate_series(1, 32) k) from generate_series(1, (200000 * :scale)::bigint) i;
insert into recordings
  select i, 'opus', gen_random_bytes(1000) || gen_random_bytes(1000) || gen_random_bytes(1000) || gen_random_bytes(1000) || gen_random_bytes(1000) || gen_random_bytes(1000)
  from generate_series(1, (40000 * :scale)::bigint) i;
create index on calls (customer_id);
create index on calls (started_at);
create index on call_events (call_id);
create view v_daily as select date_trunc('day', started_at) as day, count(*) from calls group by 1;
vacuum analyze;
