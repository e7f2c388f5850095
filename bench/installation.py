"""Our program with settings and folders of its own, whose backups take over from one another."""
import json
import pathlib
import re
import shutil
import statistics
import struct
import subprocess
import time

from measure import CommandFailed, measure
from server import PROGRAMS

# A line of the log, by the prefix that the server has; and the name of the sessions that read rows.
ASKED_FOR_ROWS = re.compile(rb"([0-9.]+) call-center-backup rows: LOG: .*\bCOPY\b")
CLOSING_BYTES = 94


class Installation:
    """`backups` may lie on another file system; what is remembered by `keep` is what `reset` goes back to."""

    def __init__(self, server, database, folder, jobs, admin, backups=None):
        self.server, self.database, self.jobs, self.admin = server, database, jobs, admin
        self.folder = pathlib.Path(folder)
        self.backups, self.state = pathlib.Path(backups or self.folder / "backups"), self.folder / "state"
        for place in (self.folder, self.backups, self.state):
            place.mkdir(parents=True, exist_ok=True)
        self.kept, self.logs_statements = {}, False
        # Files that are compared when all measurements are over; `reset` leaves them alone.
        self.aside = self.folder / "aside"

    def settings(self):
        """All of them: nothing of the user's own may take part, and nothing is pruned."""
        logging = {"PGOPTIONS": "-c log_statement=all"} if self.logs_statements else {}
        return {**logging, "BACKUP_ENV_FILE": "/dev/null", "BACKUP_DIR": str(self.backups), "BACKUP_STATE_DIR": str(self.state), "PG_BIN_DIR": str(PROGRAMS),
                "BACKUP_VERIFY_LEVEL": "quick", "BACKUP_DISK_MAX_PERCENT": "100", "BACKUP_RETENTION_LAST": "1000"}

    def command(self, *flags):
        return [self.admin, "db", "backup", "--database", self.database, "--jobs", str(self.jobs), *flags]

    def back_up(self, *flags):
        """Measured; a backup that is checked lends its rows to those after it."""
        one = measure(self.server, self.command(*flags), self.settings())
        one.size = self.newest().stat().st_size
        return one

    def newest(self):
        return max(self.backups.glob(f"{self.database}-*Z.sql.gz"), key=lambda path: path.name)

    def origins(self):
        """Compressed bytes of rows that the newest backup took over, and that it read."""
        manifest = json.loads(self.manifest().read_text(encoding="utf-8"))
        found = next(one["origins"] for one in manifest["artifacts"] if one["kind"] == "postgresDump")
        return found["reusedBytes"], found["readBytes"]

    def manifest(self):
        return self.backups / f"{self.newest().name.removeprefix(f'{self.database}-').removesuffix('.sql.gz')}.json"

    def keep(self):
        """What is here now is what every measured backup begins with."""
        self.kept = {path: path.readlink() if path.is_symlink() else None for path in self.backups.iterdir()}
        shutil.rmtree(self.folder / "kept", ignore_errors=True)
        shutil.copytree(self.state, self.folder / "kept", symlinks=True)

    def reset(self):
        for path in self.backups.iterdir():
            if path not in self.kept or path.is_symlink():
                path.unlink()
        for path, target in self.kept.items():
            if target:
                path.symlink_to(target)
        shutil.rmtree(self.state)
        shutil.copytree(self.folder / "kept", self.state, symlinks=True)

    def clear(self):
        for place in (self.backups, self.state, self.aside):
            shutil.rmtree(place, ignore_errors=True)
            place.mkdir()

    def seconds_of_plan(self, *flags):
        """From the start of the program until its first session asks the server for rows: by then it has its locks, its snapshot and its plan, and knows what
        it may take over. When that was the server's log says."""
        log = self.server.folder / "log"
        seen = log.stat().st_size
        began = time.time()
        measure(self.server, self.command("--no-verify", *flags), self.settings())
        with open(log, "rb") as file:
            file.seek(seen)
            first = next((found for found in map(ASKED_FOR_ROWS.match, file) if found), None)
        if not first:
            raise CommandFailed(f"{log} does not tell when {self.database} was asked for rows")
        return float(first.group(1)) - began

    def plan(self, runs):
        """Medians of the seconds: with a backup before to take over from, and everything read with none there. Forgets what was kept: the backup before has
        to be of sessions that have their statements logged, too, for what sessions have set is part of the script's ground."""
        self.logs_statements = True
        self.clear()
        self.back_up("--full")
        self.keep()
        lent = []
        for _ in range(runs):
            self.reset()
            lent.append(self.seconds_of_plan())
        alone = []
        for _ in range(runs):
            self.clear()
            alone.append(self.seconds_of_plan("--full"))
        return {"lent": statistics.median(lent), "full": statistics.median(alone)}

    def set_aside(self, name):
        """The newest backup, under another name."""
        self.aside.mkdir(exist_ok=True)
        (self.aside / name).unlink(missing_ok=True)
        (self.aside / name).hardlink_to(self.newest())

    def difference(self, one, other):
        """What cmp says of two files set aside, of all that lies before their indexes, whose times differ: rows, script, padding. None: they are the same."""
        files = [self.aside / name for name in (one, other)]
        ran = subprocess.run(["cmp", "-n", str(max(map(end_of_runs, files))), *files], check=False, capture_output=True, text=True)
        return ran.stdout + ran.stderr if ran.returncode else None


def end_of_runs(path):
    """Where the index pages begin, as the closing member says (docs/format.md, "Index")."""
    with open(path, "rb") as file:
        file.seek(-CLOSING_BYTES, 2)
        return struct.unpack_from("<IQ", file.read(), 24)[1]
