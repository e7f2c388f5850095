"""Our program with settings and folders of its own, whose backups take over from one another."""
import json
import pathlib
import shutil
import statistics
import subprocess
import time

from measure import CommandFailed, measure
from server import PROGRAMS


class Installation:
    """`backups` may lie on another file system; what is remembered by `keep` is what `reset` goes back to."""

    def __init__(self, server, database, folder, jobs, admin, backups=None):
        self.server, self.database, self.jobs, self.admin = server, database, jobs, admin
        self.folder = pathlib.Path(folder)
        self.backups, self.state = pathlib.Path(backups or self.folder / "backups"), self.folder / "state"
        for place in (self.folder, self.backups, self.state):
            place.mkdir(parents=True, exist_ok=True)
        self.kept = {}

    def settings(self):
        """All of them: nothing of the user's own may take part, and nothing is pruned."""
        return {"BACKUP_ENV_FILE": "/dev/null", "BACKUP_DIR": str(self.backups), "BACKUP_STATE_DIR": str(self.state), "PG_BIN_DIR": str(PROGRAMS),
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
        for place in (self.backups, self.state):
            shutil.rmtree(place, ignore_errors=True)
            place.mkdir()

    def seconds_of_plan(self):
        """From the start of the program until it has its locks, its snapshot and its plan, and says that the dump begins."""
        began, planned, said = time.monotonic(), None, []
        with subprocess.Popen(self.command("--full", "--no-verify"), env={**self.server.environment, **self.settings()}, stdin=subprocess.DEVNULL,
                              stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
            for line in process.stderr:
                said.append(line)
                if planned is None and "progress: dump" in line and line.rstrip().endswith("begins"):
                    planned = time.monotonic() - began
        if process.returncode or planned is None:
            raise CommandFailed(f"a backup ended with {process.returncode} and said: {''.join(said)[-3000:]}")
        return planned

    def plan(self, runs):
        seconds = []
        for _ in range(runs):
            self.clear()
            seconds.append(self.seconds_of_plan())
        return statistics.median(seconds)

    def text_digest(self):
        """Of the script in the newest backup, without the words that differ from one to the next."""
        words = r"grep -av -e '^--' -e '^\\restrict ' -e '^\\unrestrict '"
        ran = subprocess.run(["bash", "-o", "pipefail", "-c", f"zcat {self.newest()} | {words} | sha256sum"], check=True, capture_output=True, text=True)
        return ran.stdout
