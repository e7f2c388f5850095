"""A private PostgreSQL 15 for one benchmark, and how much processor time it has used."""
import os
import pathlib
import pwd
import shutil
import signal
import socket
import subprocess

from own_server import temporary_folder

CALL_CENTER = pathlib.Path(__file__).resolve().parent / "callcenter.sql"
PROGRAMS = pathlib.Path("/usr/lib/postgresql/15/bin")
# What PostgreSQL's documentation begins with (shared_buffers): a quarter of the memory.
BUFFERS = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 4
# No waiting for the disk and no checkpoints or vacuum in the middle of a measurement: it is programs that are compared, on equal terms.
SETTINGS = {
    "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off", "shared_buffers": f"{BUFFERS >> 20}MB",
    "maintenance_work_mem": "256MB", "max_wal_size": "16GB", "checkpoint_timeout": "1h", "max_locks_per_transaction": "256",
    # Each line of the log begins with seconds since 1970, and whose session it is.
    "log_line_prefix": "%n %a: ",
}


def unprivileged():
    """What stands before a command so that it does not run as root, which PostgreSQL refuses; and the owner of its files."""
    if os.geteuid() != 0:
        return [], None
    account = pwd.getpwnam("postgres")
    return ["setpriv", f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}", "--clear-groups"], account


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """Made and started on entry, ended and removed on exit."""

    def __init__(self, **settings):
        self.settings = {**SETTINGS, **settings}

    def __enter__(self):
        self.prefix, account = unprivileged()
        self.folder = temporary_folder()
        if account:
            os.chown(self.folder, account.pw_uid, account.pw_gid)
        self.folder.chmod(0o755)
        self.port = free_port()
        self.environment = {**os.environ, "PGHOST": "127.0.0.1", "PGPORT": str(self.port), "PGUSER": "postgres",
                            "PATH": f"{PROGRAMS}:{os.environ['PATH']}"}
        try:
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def start(self):
        data = self.folder / "data"
        self.own("initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        settings = {**self.settings, "port": self.port, "listen_addresses": "127.0.0.1", "unix_socket_directories": self.folder}
        with open(data / "postgresql.auto.conf", "a", encoding="utf-8") as file:
            file.writelines(f"{name} = '{value}'\n" for name, value in settings.items())
        self.own("pg_ctl", "-D", data, "-l", self.folder / "log", "-w", "start")
        self.postmaster = int((data / "postmaster.pid").read_text(encoding="utf-8").splitlines()[0])

    def own(self, program, *arguments):
        subprocess.run([*self.prefix, PROGRAMS / program, *map(str, arguments)], check=True, stdout=subprocess.DEVNULL, cwd=self.folder)

    def __exit__(self, *_):
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
        if (self.folder / "data" / "postmaster.pid").exists():
            subprocess.run([*self.prefix, PROGRAMS / "pg_ctl", "-D", self.folder / "data", "-m", "immediate", "-w", "stop"],
                           check=False, stdout=subprocess.DEVNULL, cwd="/")
        shutil.rmtree(self.folder, ignore_errors=True)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT, signal.SIGTERM})

    def psql(self, database, sql):
        ran = subprocess.run([PROGRAMS / "psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", database, "-c", sql],
                             env=self.environment, check=True, capture_output=True, text=True)
        return ran.stdout.strip()

    def fill(self, database, scale):
        """Makes the call center's database; returns its size in bytes."""
        self.psql("postgres", f'CREATE DATABASE "{database}" TEMPLATE template0')
        subprocess.run([PROGRAMS / "psql", "-Xq", "-v", f"scale={scale:g}", "-d", database, "-f", CALL_CENTER],
                       env=self.environment, check=True, stdout=subprocess.DEVNULL)
        return int(self.psql(database, f"SELECT pg_database_size('{database}')"))

    def drop(self, database):
        self.psql("postgres", f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')

    def processor_seconds(self):
        """User and system time of the postmaster and all its children, the ended ones too."""
        ticks = sum(times(self.postmaster, range(13, 17)))
        children = pathlib.Path(f"/proc/{self.postmaster}/task/{self.postmaster}/children").read_text(encoding="utf-8").split()
        for child in children:
            try:
                ticks += sum(times(int(child), range(13, 15)))
            except (FileNotFoundError, ProcessLookupError):
                pass  # it ended meanwhile and is counted with the postmaster's children
        return ticks / os.sysconf("SC_CLK_TCK")


def times(process, fields):
    stat = pathlib.Path(f"/proc/{process}/stat").read_text(encoding="utf-8")
    values = stat[stat.rindex(")") + 2:].split()
    return [int(values[field - 2]) for field in fields]
