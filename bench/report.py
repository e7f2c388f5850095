"""The results as a page and a chart in docs/, and as text on the terminal."""
import os
import pathlib
import platform
import subprocess

from chart import chart
from contest import CHECKED, OURS

TITLES = {"call_center": "Whole database", "giant": "One giant table"}


def write_report(results, docs, update):
    """Prints the tables; with `update` docs/benchmarks.md and its chart are written anew."""
    tables = "\n".join(section(results, database) for database in TITLES) + summary(results)
    print(tables)
    if update:
        (docs / "benchmarks.md").write_text(page(results, tables), encoding="utf-8")
        (docs / "benchmarks.svg").write_text(chart(results), encoding="utf-8")
        print(f"written: {docs / 'benchmarks.md'}, {docs / 'benchmarks.svg'}")


def section(results, database):
    found = results["databases"][database]
    return "\n".join([f"## {TITLES[database]}: dump", "", *dump_table(found["dump"]), "", f"## {TITLES[database]}: restore", "",
                      *restore_table(found["restore"]), ""])


def dump_table(dumps):
    best = min(one.seconds for name, one in dumps.items() if name not in (OURS, CHECKED))
    yield "| | seconds | of the best other | processor, client | processor, server | most memory | size |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: | ---: |"
    for name, one in sorted(dumps.items(), key=lambda item: item[1].seconds):
        yield (f"| {code(name)} | {one.seconds:.2f} | {one.seconds / best:.2f} | {one.client:.1f} s | {one.server:.1f} s | "
               f"{one.memory / 2**20:.0f} MiB | {megabytes(one.size)} |")


def restore_table(restores):
    yield "| | seconds | ours takes, of it | processor, client | processor, server | most memory |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: |"
    for name, one in sorted(restores.items(), key=lambda item: item[1].seconds):
        yield (f"| {code(name)} | {one.seconds:.2f} | {restores[OURS].seconds / one.seconds:.2f} | {one.client:.1f} s | {one.server:.1f} s | "
               f"{one.memory / 2**20:.0f} MiB |")


def summary(results):
    verify, proof = results["verify"]["content"], results["verify"]["restore"]
    table, text = results["table"], results["text"]
    restore = results["databases"]["call_center"]["restore"][OURS]
    return "\n".join([
        "## Check and single table", "",
        f"- `db verify-backup --level content` of {megabytes(text)} of SQL text: {verify.seconds:.2f} s, "
        f"{text / verify.client / 1e6:.0f} MB per second of processor time, {verify.memory / 2**20:.0f} MiB at most.",
        f"- `db verify-backup --level restore`, in a scratch server of its own, everything compared: {proof.seconds:.2f} s, "
        f"{proof.seconds / restore.seconds:.2f} times the restore alone ({restore.seconds:.2f} s).",
        f"- `db restore --table public.agents` (2,000 rows): {table.seconds:.2f} s, {table.client:.2f} s of our processor time.", "",
    ])


def page(results, tables):
    memory = os.environ.get("TMPDIR", "").startswith("/dev/shm")
    command = f"make bench SCALE={results['scale']:g} RUNS={results['runs']} JOBS={results['jobs']}"
    return f"""# Benchmarks

`{"TMPDIR=/dev/shm " if memory else ""}{command}` wrote this page: everyone dumps and restores the same database in turns, on one machine, and the medians of
{results['runs']} rounds stand here. Restored tables are compared with their source, row for row, before a time counts.

![Seconds to dump and to restore](benchmarks.svg)

- Machine: {machine()}
- Database: `bench/callcenter.sql` at scale {results['scale']:g}, {megabytes(results['database_bytes'])} with indexes; the table `calls` dominates. The second
  database holds `calls` alone.
- Server: {version('/usr/lib/postgresql/15/bin/postgres --version')} on the same machine, `fsync` off and no autovacuum for everyone; data and
  dumps lie {"in memory (tmpfs)" if memory else "on the disk, in its page cache; ours alone waits for the disk with `fsync`"}.
- Others: gzip at level 6, zstd at level 3, pigz and igzip as they come.
- Processor time of the server is that of all its processes; most memory that of the largest single client process.
- Ours is measured without and with a check of the written file (`--no-verify`, `BACKUP_VERIFY_LEVEL=quick`); the others read nothing again.
- Our restore compares every row's digest with the dump's index and runs `ANALYZE`; the others do neither.

{tables}"""


def code(name):
    return f"**`{OURS}`**{name.removeprefix(OURS)}" if name in (OURS, CHECKED) else f"`{name}`".replace("|", "\\|")


def megabytes(count):
    return f"{count / 1e6:,.0f} MB"


def machine():
    lines = pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    model = next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{model}, {os.cpu_count()} cores, {memory:.0f} GiB, {version('swift --version').split('(')[0].strip()}, Linux {platform.release()}"


def version(command):
    return subprocess.run(command.split(), check=True, capture_output=True, text=True).stdout.splitlines()[0]
