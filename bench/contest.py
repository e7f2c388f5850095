"""What is compared: ways to dump and ways to restore, with equal jobs, in turns."""
import pathlib
import shutil
import subprocess

from measure import measure, median, size_of
from server import PROGRAMS

OURS = "call-center-admin"
# Ours with its check of what it wrote: it reads the file again, which no other does.
CHECKED = "call-center-admin, checked"
RESTORED = "restored"


class Contest:
    """One database, dumped and restored by everyone in turns; `folder` holds what they write."""

    def __init__(self, server, database, jobs, admin, folder):
        self.server, self.database, self.jobs, self.admin = server, database, jobs, admin
        self.folder = pathlib.Path(folder) / database
        self.backups = self.folder / "backups"
        self.expected = None
        self.proved = set()

    def dumps(self):
        """Name → (command, what it writes)."""
        plain, jobs, at = f"pg_dump {self.database}", self.jobs, self.folder
        ours = [self.admin, "db", "backup", "--database", self.database, "--jobs", str(jobs)]
        return {
            OURS: ([*ours, "--no-verify"], None),
            CHECKED: (ours, None),
            "pg_dump | gzip": (f"{plain} | gzip > {at}/gzip.sql.gz", at / "gzip.sql.gz"),
            "pg_dump -Fc": (f"pg_dump -Fc -f {at}/custom.dump {self.database}", at / "custom.dump"),
            f"pg_dump | pigz -p{jobs}": (f"{plain} | pigz -p{jobs} > {at}/pigz.sql.gz", at / "pigz.sql.gz"),
            f"pg_dump | igzip -T {jobs}": (f"{plain} | igzip -c -T {jobs} > {at}/igzip.sql.gz", at / "igzip.sql.gz"),
            f"pg_dump | zstd -T{jobs}": (f"{plain} | zstd -q -T{jobs} > {at}/zstd.sql.zst", at / "zstd.sql.zst"),
            f"pg_dump -Fd -j{jobs} -Z1": (f"pg_dump -Fd -j{jobs} -Z1 -f {at}/directory {self.database}", at / "directory"),
        }

    def restores(self):
        into = f"-d {RESTORED}"
        return {
            OURS: [self.admin, "db", "restore", str(self.newest()), "--into", RESTORED, "--jobs", str(self.jobs), "--yes"],
            "gunzip | psql": f"gunzip -c {self.folder}/gzip.sql.gz | psql -Xq -v ON_ERROR_STOP=1 {into}",
            f"pg_restore -j{self.jobs}": f"pg_restore -j{self.jobs} {into} {self.folder}/directory",
        }

    def newest(self):
        return max(self.backups.glob("*Z.sql.gz"), key=lambda path: path.name)

    def dump_once(self, name, command, written):
        for path in [written] if written else [self.backups]:
            if path.is_dir():
                shutil.rmtree(path)
            path.unlink(missing_ok=True)
        self.backups.mkdir(parents=True, exist_ok=True)
        one = measure(self.server, command, self.settings())
        one.size = size_of(written or self.newest())
        return one

    def restore_once(self, name, command):
        self.server.drop(RESTORED)
        self.server.psql("postgres", "CHECKPOINT")
        if name != OURS:  # ours makes the database itself
            self.server.psql("postgres", f"CREATE DATABASE {RESTORED} TEMPLATE template0")
        one = measure(self.server, command, self.settings())
        self.prove(name)
        return one

    def settings(self):
        return {"BACKUP_DIR": str(self.backups), "BACKUP_STATE_DIR": str(self.folder / "state"), "BACKUP_VERIFY_LEVEL": "quick",
                "BACKUP_JOBS": str(self.jobs), "PG_BIN_DIR": str(PROGRAMS)}

    def prove(self, name):
        """A fast restore that lost something is worth nothing. Once for each name: it takes as long as a restore."""
        if name in self.proved:
            return
        self.expected = self.expected or rows(self.server, self.database)
        found = rows(self.server, RESTORED)
        if self.expected != found:
            raise AssertionError(f"{name} restored {found}, expected {self.expected}")
        self.proved.add(name)

    def prove_plain(self):
        """Ours must also be what psql restores."""
        self.server.drop(RESTORED)
        self.server.psql("postgres", f"CREATE DATABASE {RESTORED} TEMPLATE template0")
        subprocess.run(["bash", "-o", "pipefail", "-c", f"zcat {self.newest()} | psql -Xq -v ON_ERROR_STOP=1 -d {RESTORED}"],
                       env=self.server.environment, check=True, stdout=subprocess.DEVNULL)
        self.prove("zcat of ours | psql")

    def verify_once(self, level):
        return measure(self.server, [self.admin, "db", "verify-backup", str(self.newest()), "--level", level], self.settings())

    def table_once(self, table):
        self.server.drop(RESTORED)
        command = [self.admin, "db", "restore", str(self.newest()), "--into", RESTORED, "--table", table, "--jobs", "1", "--yes"]
        return measure(self.server, command, self.settings())


def rows(server, database):
    """Rows, and a digest of what the columns add up to, per table."""
    tables = server.psql(database, "SELECT format('%I.%I', schemaname, relname) FROM pg_stat_user_tables ORDER BY 1").splitlines()
    return {table: server.psql(database, f"SELECT count(*), sum(hashtextextended(t::text, 0)::numeric) FROM {table} t") for table in tables}


def in_turns(ways, runs, once, say):
    """Everyone once per round, each round beginning with another one; medians by name."""
    names = list(ways)
    seen = {name: [] for name in names}
    for round_ in range(runs):
        shift = round_ % len(names)
        for name in names[shift:] + names[:shift]:
            one = once(name, ways[name])
            seen[name].append(one)
            say(f"  round {round_ + 1} of {runs}: {name:<24} {one.seconds:7.2f} s")
    return {name: median(all_of_them) for name, all_of_them in seen.items()}
