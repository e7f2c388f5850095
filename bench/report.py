"""The results as a page and a chart in docs/, and as text on the terminal."""
import os
import pathlib
import platform
import subprocess

from bounds import Bound, bounds_section
from chart import chart
from contest import CHECKED, OURS

TITLES = {"call_center": "Whole database", "giant": "One giant table"}


def write_report(results, docs, update):
    """Prints the tables; with `update` docs/benchmarks.md and its chart are written anew."""
    tables = "\n".join(section(results, database) for database in TITLES) + summary(results)
    tables += "\n" + "\n".join(bounds_section(bounds_of(results), results["scale"]))
    print(tables)
    if update:
        (docs / "benchmarks.md").write_text(page(results, tables), encoding="utf-8")
        (docs / "benchmarks.svg").write_text(chart(results), encoding="utf-8")
        print(f"written: {docs / 'benchmarks.md'}, {docs / 'benchmarks.svg'}")


def bounds_of(results):
    """As far as what they are compared with was measured."""
    bounds = []
    for database, title in TITLES.items():
        dumps, restores = (results["databases"][database][part] for part in ("dump", "restore"))
        bounds += dump_bounds(title, dumps) + restore_bounds(title, restores, results["jobs"], giant=database == "giant")
    whole, verify = results["databases"]["call_center"]["restore"], results["verify"]
    return bounds + [
        Bound("check of the content, per second of processor time", results["text"] / verify["content"].client / 1e6, 500, " MB", floor=True,
              timed=True),
        Bound("time of a proof, of that of the restore alone", verify["restore"].seconds / whole[OURS].seconds, 1.6, timed=True),
        Bound("processor time of the restore of one small table", results["table"].client, 1, " s")]


def dump_bounds(title, dumps):
    others = {name: one for name, one in dumps.items() if name not in (OURS, CHECKED)}
    bounds = [Bound(f"{title}: most memory of the dump", max(dumps[name].memory for name in (OURS, CHECKED)) / 2**20, 160, " MiB")]
    if others:
        part = dumps[OURS].seconds / min(one.seconds for one in others.values())
        bounds.append(Bound(f"{title}: time of the dump, of the best other", part, most_of_dump(), timed=True))
    if "pg_dump | gzip" in others:
        bounds.append(Bound(f"{title}: size, of that of `gzip`", dumps[OURS].size / others["pg_dump | gzip"].size, 1.05))
    return bounds


def most_of_dump():
    """The aim is half the time, which two processors cannot do, whatever the program (bench/floor); there ours must be no slower than any other."""
    return 0.5 if len(os.sched_getaffinity(0)) > 2 else 1


def restore_bounds(title, restores, jobs, giant):
    allowed = {"gunzip | psql": 0.7, f"pg_restore -j{jobs}": 0.85 if giant else 1}
    return [Bound(f"{title}: time of the restore, of that of `{name}`", restores[OURS].seconds / restores[name].seconds, most, timed=True)
            for name, most in allowed.items() if name in restores]


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
        "", "## Check and single table", "",
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
- Server: {version('/usr/lib/postgresql/15/bin/postgres --version')} on the same machine, `fsync` off, no autovacuum and `shared_buffers` a
  quarter of the memory for everyone; data and dumps lie {"in memory (tmpfs)" if memory else "on the disk, in its page cache; ours alone waits for the disk with `fsync`"}.
- Others: gzip at level 6, zstd at level 3, pigz and igzip as they come.
- Processor time of the server is that of all its processes; most memory that of the largest single client process.
- Ours is measured without and with a check of the written file (`--no-verify`, `BACKUP_VERIFY_LEVEL=quick`); the others read nothing again.
- Our restore compares every row's digest with the dump's index and runs `ANALYZE`; the others do neither.
- Half the time of the best other is what a dump is aimed at; on two processors that is out of reach for any ([floor](benchmarks-floor.md)), and there it
  has to be no slower.
- Here every dump reads everything. What a backup costs that takes over what has not changed, and how that grows, stands in
  [rows that are taken over](benchmarks-reuse.md): it saves most where the newest and oldest rows changed, and nothing where rows picked at random did.

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
