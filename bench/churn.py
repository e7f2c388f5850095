"""A day's work on a database: a share of the rows of every table, a third of it inserted, a third updated, a third deleted."""
import dataclasses

RECENT, RANDOM = "recent", "random"


@dataclasses.dataclass(frozen=True)
class Table:
    """`key` counts rows up by age; `copied` are the expressions a new row takes from another one, by column; `update` changes a row."""
    name: str
    key: str
    copied: dict
    update: str


def copied(*columns, **expressions):
    return {**{column: f"s.{column}" for column in columns}, **expressions}


CALL_CENTER = [
    Table("agents", "id", copied("name", "team", "hired_at", "skills", "settings", email="NULL"), "team = 'team0'"),
    Table("customers", "id", copied("phone", "full_name", "tier", "created_at", "notes"), "tier = (tier + 1) % 4"),
    Table("calls", "id", copied("customer_id", "agent_id", "direction", "started_at", "ended_at", "duration_s", "status", "queue", "rating",
                                "cost", "metadata", trace="gen_random_uuid()"), "rating = (rating + 1) % 6"),
    Table("call_events", "id", copied("call_id", "at", "kind", "payload"), "kind = 'hangup'"),
    Table("transcripts", "call_id", copied("lang", "body", "embedding"), "lang = 'en'"),
    Table("recordings", "call_id", copied("codec", "bytes"), "codec = 'ogg'"),
]


def prepare(server, database):
    """Customers and agents may go, whatever calls they had."""
    for constraint in ("calls_customer_id_fkey", "calls_agent_id_fkey"):
        server.psql(database, f"ALTER TABLE calls DROP CONSTRAINT {constraint}")


def churn(server, database, share, kind=RECENT, seed=0):
    """As of a day: the newest rows are changed, the oldest deleted; or such as chance picks, all over the tables. New ones always come at the end."""
    for table in CALL_CENTER if share else []:
        count = int(server.psql(database, f"SELECT greatest(1, round(count(*) * {share:g} / 3))::bigint FROM {table.name}"))
        server.psql(database, "; ".join((recent if kind == RECENT else random)(table, count, share / 3, seed)))
    settle(server, database)


def settle(server, database):
    """What autovacuum does in the course of a day."""
    server.psql(database, "VACUUM ANALYZE")
    server.psql(database, "CHECKPOINT")


def recent(table, count, _, __):
    name, key = table.name, table.key
    yield f"UPDATE {name} SET {table.update} WHERE {key} IN (SELECT {key} FROM {name} ORDER BY {key} DESC LIMIT {count})"
    yield f"DELETE FROM {name} WHERE {key} IN (SELECT {key} FROM {name} ORDER BY {key} LIMIT {count})"
    yield insert(table, count)


def random(table, count, share, seed):
    for words, salt in ((f"UPDATE {table.name} SET {table.update}", 2 * seed), (f"DELETE FROM {table.name}", 2 * seed + 1)):
        yield f"{words} WHERE (hashint8extended({table.key}::bigint, {salt}) & 9223372036854775807) % 1000000 < {round(share * 1e6)}"
    yield insert(table, count)


def insert(table, count):
    name, key = table.name, table.key
    return (f"INSERT INTO {name} ({key}, {', '.join(table.copied)}) SELECT top + row_number() OVER (ORDER BY s.{key}), {', '.join(table.copied.values())} "
            f"FROM (SELECT * FROM {name} ORDER BY {key} DESC LIMIT {count}) s, (SELECT max({key}) AS top FROM {name}) newest")


class Series:
    """Rows numbered through tables `t_1` to `t_N`, as the partitions of a table by time hold them; made by `fill`."""

    def __init__(self, server, database, tables, rows):
        self.server, self.database, self.tables = server, database, tables
        self.each = max(1, rows // tables)

    def fill(self):
        self.server.psql("postgres", f'CREATE DATABASE "{self.database}" TEMPLATE template0')
        for first in range(1, self.tables + 1, 500):
            last = min(first + 499, self.tables)
            self.server.psql(self.database, f"""DO $$ BEGIN FOR n IN {first}..{last} LOOP
                EXECUTE format('CREATE TABLE t_%s (id bigint PRIMARY KEY, at timestamptz NOT NULL, kind text, note text, amount numeric(10,2))', n);
                EXECUTE format('INSERT INTO t_%s SELECT i, timestamptz ''2022-01-01'' + i * interval ''1 s'', ''kind'' || i %% 7, md5(i::text), i %% 9973 / 7.0
                    FROM generate_series(%s::bigint, %s) i', n, (n - 1) * {self.each} + 1, n * {self.each}); END LOOP; END $$""")
        settle(self.server, self.database)

    def churn(self, share):
        """The newest rows are changed, the oldest deleted, new ones come into the last table."""
        total = self.each * self.tables
        count = max(1, round(total * share / 3))
        newest = self.tables - (count - 1) // self.each
        changes = [f"UPDATE t_{n} SET kind = 'changed' WHERE id > {total - count}" for n in range(newest, self.tables + 1)]
        changes += [f"DELETE FROM t_{n} WHERE id <= {count}" for n in range(1, (count - 1) // self.each + 2)]
        changes.append(f"INSERT INTO t_{self.tables} SELECT {total} + i, now(), 'new', md5(i::text), 1 FROM generate_series(1, {count}) i")
        self.server.psql(self.database, "; ".join(changes if share else ["SELECT"]))
        settle(self.server, self.database)
