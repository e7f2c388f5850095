// Room Postgres.
