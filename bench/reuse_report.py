"""docs/benchmarks-reuse.md and its chart, from whatever was measured so far."""
import pathlib
import re
import statistics

from bounds import Bound, bounds_section
from chart import curves
from measure import Measurement
from report import code, machine, megabytes

REUSED, CHECKED, FULL = "unchanged rows taken over", "unchanged rows taken over, and the file checked", "everything read (`--full`)"
OURS = (REUSED, CHECKED, FULL)
WORDS = {"recent": "1 %, newest and oldest rows", "recent, threefold": "1 % each inserted, updated and deleted, newest and oldest rows",
         "random": "1 %, rows picked at random"}
# Random work has no bound: it leaves hardly a range as it was.
BOUND_CASES = {"recent": "1 % churn", "recent, threefold": "1 % each inserted, updated and deleted"}
MOST_OF_FULL, MOST_OF_OTHERS, MOST_OF_SERVER = 0.25, 0.12, 0.25
CURVES = {"scale": ("Scale of the database", "{:g}"), "churn": ("Rows changed in between", "{:g} %"), "tables": ("Tables", "{:,.0f}"),
          "jobs": ("Connections (`--jobs`)", "{:g}")}


PLAN = pathlib.Path(__file__).resolve().parent.parent / "Sources/Postgres/Dump/DumpPlan.swift"


def mebibytes_of_range():
    """How much text the program aims at in a range of blocks."""
    return re.search(r"static let segmentBytes: Int64 = (\d+) << 20", PLAN.read_text(encoding="utf-8")).group(1)


def ways(found):
    return {name: Measurement(**one) for name, one in found["ways"].items()}


def peers(all_of_them):
    return [one for name, one in all_of_them.items() if name not in OURS]


def with_peers(cases, name):
    """A case, and the pipelines, which were measured in the first one alone: they read everything, whatever was changed."""
    others = {other: one for other, one in cases["recent"]["ways"].items() if other not in OURS}
    return {**cases[name], "ways": {**others, **cases[name]["ways"]}}


def bounds_of(results, part):
    return {"churn": churn_bounds, "many": many_bounds, "days": days_bounds}[part](results[part])


def days_bounds(found):
    """A segment is a larger part of a smaller database; so these are not judged there, as times are not."""
    for kind, disk in found["disks"].items():
        used = disk.get("used")
        yield Bound(f"{found['days']} daily files at 1 % churn on {kind}, of one file", used and used[-1] / used[0], 1.6, timed=True)


def churn_bounds(found):
    for name, words in BOUND_CASES.items():
        of_full, of_others, server = ratios(ways(with_peers(found["cases"], name)), REUSED)
        yield Bound(f"time with {words}, of a reading of everything by ours", of_full, MOST_OF_FULL, timed=True)
        yield Bound(f"time with {words}, of the best pipeline of pg_dump", of_others, MOST_OF_OTHERS, timed=True)
        yield Bound(f"processor time of the server with {words}, of the least that pg_dump takes there", server, MOST_OF_SERVER, timed=True)


def ratios(all_of_them, name):
    """Time, of everything read and of the best pipeline; processor time of the server, of the least of a pipeline."""
    one, others = all_of_them[name], peers(all_of_them)
    return (one.seconds / all_of_them[FULL].seconds, one.seconds / min(other.seconds for other in others), one.server / min(other.server for other in others))


def many_bounds(found):
    all_of_them, plan, tables = ways(found), found["plan"], f"{found['tables']:,} small tables"
    yield Bound(f"{tables}: time of a whole backup, of `pg_dump -Fd -j{found['jobs']}`", all_of_them[FULL].seconds / peer_of(all_of_them).seconds, 0.5)
    yield Bound(f"{tables}: until the plan is made, with a backup to take over from", plan["lent"], 3, " s")
    yield Bound(f"{tables}: until the plan is made, everything read", plan["full"], 3, " s")


def title(name):
    return name if name in OURS else code(name)


def table(found):
    yield "| | seconds | of everything read | of the best pipeline | processor, client | processor, server | of the least of a pipeline | most memory |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
    all_of_them = ways(found)
    for name, one in sorted(all_of_them.items(), key=lambda item: item[1].seconds):
        of_full, of_others, server = ratios(all_of_them, name)
        yield (f"| {title(name)} | {one.seconds:.2f} | {of_full:.2f} | {of_others:.2f} | {one.client:.1f} s | {one.server:.1f} s | {server:.2f} | "
               f"{one.memory / 2**20:.0f} MiB |")


def amounts(found):
    return f"{megabytes(found['reused'])} of compressed rows were taken over, {megabytes(found['read'])} read."


def churn_section(found):
    yield from ["## One day's work", "", f"`bench/reuse --scale {found['scale']:g} --runs {found['runs']} --jobs {found['jobs']} --parts churn`: a database "
                f"of {megabytes(found['bytes'])}, medians of {found['runs']} rounds, in turns.",
                "The pipelines read everything, whatever was changed: they were measured once, in the first case, and stand beside the others, too.", ""]
    for name, case in found["cases"].items():
        yield from [f"### {WORDS[name]}", "", amounts(case), "", *table(with_peers(found["cases"], name)), ""]


def many_section(found):
    yield from [f"## {found['tables']:,} tables of {found['rows']} rows", "", f"`bench/reuse --runs {found['runs']} --jobs {found['jobs']} --parts many`. "
                "Tables below 64 KiB are read as quickly as they are asked about, so no rows of them are taken over.",
                f"{found['plan']['lent']:.2f} s after its start the program has locked all tables, taken its snapshot, read the catalogs, opened the backup before, made its plan",
                f"and decided what it takes over; {found['plan']['full']:.2f} s after its start, where there is no backup before. That is when its first session asks the server for",
                "rows, as the server's log tells, to which every statement was written in these runs alone.", "", *table(found), ""]


def days_section(found):
    yield from ["## Daily files on a file system that shares blocks", "", f"`bench/reuse --scale {found['scale']:g} --days {found['days']} --parts days`, on file systems "
                f"in a file: {found['days']} backups, 1 % of the rows (newest and oldest) changed between", "one and the next; each is checked (`quick`), which lets the next one take rows "
                "over.", "", "| | all files | on the disk | the first one alone | of it | median of a backup |", "| --- | ---: | ---: | ---: | ---: | ---: |"]
    yield from [disk_row(kind, disk) for kind, disk in found["disks"].items()]
    yield ""


def disk_row(kind, disk):
    if "skipped" in disk:
        return f"| {kind} | not measured: {disk['skipped'].replace('|', '/')} | | | | |"
    first, last = disk["used"][0], disk["used"][-1]
    middle = statistics.median(disk["seconds"][1:] or disk["seconds"])
    return f"| {kind} | {megabytes(disk['apparent'])} | {megabytes(last)} | {megabytes(first)} | **{last / first:.2f}** | {middle:.2f} s |"


def curve_section(name, found):
    words, form = CURVES[name]
    yield from [f"### {words}", "", f"`bench/reuse --scale {found['scale']:g} --runs {found['runs']} --jobs {found['jobs']} --curve {name}`", "",
                f"| {words.lower()} | taken over, s | everything read, s | ratio | `pg_dump -Fd`, s | processor of the server: taken over | of `pg_dump -Fd` | "
                "rows read |", "| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"]
    for point in found["points"]:
        all_of_them = ways(point)
        ours, full, peer = all_of_them[REUSED], all_of_them[FULL], peer_of(all_of_them)
        part = point["read"] / max(1, point["read"] + point["reused"])
        yield (f"| {form.format(point['x'])} | {ours.seconds:.2f} | {full.seconds:.2f} | {ours.seconds / full.seconds:.2f} | {peer.seconds:.2f} | "
               f"{ours.server:.2f} s | {peer.server:.2f} s | {100 * part:.1f} % |")
    yield ""


def peer_of(all_of_them):
    """The only one, where there is one."""
    return peers(all_of_them)[0]


def panels(curve):
    for name, found in curve.items():
        words, form = CURVES[name]
        lines = {"taken over": [], "everything read": [], "pg_dump -Fd": []}
        for point in found["points"]:
            all_of_them = ways(point)
            for line, one in zip(lines.values(), (all_of_them[REUSED], all_of_them[FULL], peer_of(all_of_them))):
                line.append(one.seconds)
        yield f"{words.replace('`', '')}: seconds", [form.format(point["x"]) for point in found["points"]], lines


def page(results):
    curve = {name: results["curve"][name] for name in CURVES if name in results["curve"]}
    bounds = [(results[part].get("scale", 1), bound) for part in ("churn", "many", "days") if part in results for bound in bounds_of(results, part)]
    lines = [
        "# Benchmarks: rows that are taken over", "",
        "`bench/reuse` (part of `make bench`; the curves with `--curve`) wrote this page. Each section names the command that measured it.", "",
        f"- Machine: {machine()}",
        "- Database: that of `bench/callcenter.sql` without its foreign keys, so that rows may go. A backup is taken and checked; then there is a day's work; then everyone",
        "  takes a backup in turns, and each of ours begins with that first one alone. With and without taking over the files must be the same, byte for byte, up to their indexes.",
        "- *Checked*: as a night ends, with a reading of the file that was written (`BACKUP_VERIFY_LEVEL=quick`). It has no bound. What the default, a proof by restore, takes",
        "  stands in [benchmarks.md](benchmarks.md), and does not depend on what was taken over. All else here is without (`--no-verify`).",
        "- A day's work of 1 %: of each table's rows a third of that is inserted, a third updated, a third deleted, then `VACUUM ANALYZE` as autovacuum does it. The",
        "  *newest* rows are updated and the *oldest* deleted, as in a call center, whose work is on recent calls and whose retention takes old ones.",
        f"- **Where rows are changed matters more than how many.** What is taken over is a range of blocks with about {mebibytes_of_range()} MiB of text. A hundredth of the rows picked *at",
        "  random* leaves few such ranges as they were: there is little to take over, and such a day costs what reading everything costs, and the questions on top. The bounds",
        "  are of work at the tables' ends; work at random is measured beside it.",
        "- Server: PostgreSQL 15 on the same machine, `fsync` off, `shared_buffers` a quarter of the memory; the files on it, those of the others in the page cache and ours above 64 MiB not; ours alone waits for the disk with `fsync`. Processor time of the server is",
        "  that of all its processes, the ended ones too; ours includes the questions whether ranges are unchanged, the audit, and pg_dump's reading of the definitions where they",
        "  have to be read.", ""]
    for part, section in (("churn", churn_section), ("many", many_section), ("days", days_section)):
        if part in results:
            lines += section(results[part])
    if curve:
        lines += ["## As work grows", "", "One thing is changed at a time, from the scale in the command, 1 % and two connections on.", "",
                  "![Seconds of a backup as work grows](benchmarks-reuse.svg)", ""]
        for name, found in curve.items():
            lines += curve_section(name, found)
    return "\n".join(lines + judged(bounds))


def judged(bounds):
    """Each by the scale it was measured at."""
    rows = [bounds_section([bound], scale)[4] for scale, bound in bounds]
    return [*bounds_section([], 1)[:4], *rows, ""] if rows else []


def write_report(results, docs, update):
    text = page(results)
    print(text)
    if update:
        (docs / "benchmarks-reuse.md").write_text(text, encoding="utf-8")
        if results["curve"]:
            (docs / "benchmarks-reuse.svg").write_text(curves(list(panels(results["curve"]))), encoding="utf-8")
        print(f"written: {docs / 'benchmarks-reuse.md'}")
