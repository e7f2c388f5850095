"""docs/benchmarks-reuse.md and its chart, from whatever was measured so far."""
import pathlib
import re

from bounds import Bound, bounds_section
from chart import curves
from measure import Measurement
from report import code, machine, megabytes

REUSED, FULL = "unchanged rows taken over", "everything read (`--full`)"
WORDS = {"recent": "1 %, newest and oldest rows", "recent, threefold": "3 %, newest and oldest rows", "random": "1 %, rows picked at random"}
CURVES = {"scale": ("Scale of the database", "{:g}"), "churn": ("Rows changed in between", "{:g} %"), "tables": ("Tables", "{:,.0f}"),
          "jobs": ("Connections (`--jobs`)", "{:g}")}


PLAN = pathlib.Path(__file__).resolve().parent.parent / "Sources/Postgres/Dump/DumpPlan.swift"


def mebibytes_of_range():
    """How much text the program aims at in a range of blocks."""
    return re.search(r"static let segmentBytes: Int64 = (\d+) << 20", PLAN.read_text(encoding="utf-8")).group(1)


def ways(found):
    return {name: Measurement(**one) for name, one in found["ways"].items()}


def best_other(found):
    return min((one.seconds, name) for name, one in ways(found).items() if name not in (REUSED, FULL))


def bounds_of(results, part):
    found = results[part]
    if part == "churn":
        return churn_bounds(found["cases"]["recent"])
    if part == "many":
        return many_bounds(found)
    if "skipped" in found:
        return []
    # A segment is a larger part of a smaller database; so this one is not judged there, as times are not.
    return [Bound(f"{found['days']} daily files at 1 % churn, of one file", found["used"][-1] / found["used"][0], 1.6, timed=True)]


def churn_bounds(case):
    all_of_them = ways(case)
    ours = all_of_them[REUSED]
    others = [one for name, one in all_of_them.items() if name not in (REUSED, FULL)]
    return [Bound("time with 1 % churn, of a reading of everything by ours", ours.seconds / all_of_them[FULL].seconds, 0.25, timed=True),
            Bound("time with 1 % churn, of the best pipeline of pg_dump", ours.seconds / min(one.seconds for one in others), 0.12, timed=True),
            Bound("processor time of the server, of the least that pg_dump takes there", ours.server / min(one.server for one in others), 0.25,
                  timed=True)]


def many_bounds(found):
    all_of_them = ways(found)
    peer = next(one for name, one in all_of_them.items() if name not in (REUSED, FULL))
    return [Bound(f"{found['tables']:,} small tables: time of a whole backup, of `pg_dump -Fd -j{found['jobs']}`", all_of_them[FULL].seconds / peer.seconds, 0.5),
            Bound(f"{found['tables']:,} small tables: until the plan is made", found["plan"], 3, " s")]


def title(name):
    return name if name in (REUSED, FULL) else code(name)


def table(found):
    yield "| | seconds | of everything read | processor, client | processor, server | most memory |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: |"
    all_of_them = ways(found)
    for name, one in sorted(all_of_them.items(), key=lambda item: item[1].seconds):
        yield (f"| {title(name)} | {one.seconds:.2f} | {one.seconds / all_of_them[FULL].seconds:.2f} | {one.client:.1f} s | {one.server:.1f} s | "
               f"{one.memory / 2**20:.0f} MiB |")


def amounts(found):
    return f"{megabytes(found['reused'])} of compressed rows were taken over, {megabytes(found['read'])} read."


def churn_section(found):
    yield from ["## One day's work", "", f"`bench/reuse --scale {found['scale']:g} --runs {found['runs']} --jobs {found['jobs']} --parts churn`: a database "
                f"of {megabytes(found['bytes'])}, medians of {found['runs']} rounds, in turns.", ""]
    for name, case in found["cases"].items():
        yield from [f"### {WORDS[name]}", "", amounts(case), "", *table(case), ""]


def many_section(found):
    yield from [f"## {found['tables']:,} tables of {found['rows']} rows", "", f"`bench/reuse --runs {found['runs']} --jobs {found['jobs']} --parts many`. "
                f"Tables below 64 KiB are read as quickly as they are asked about, so nothing of them is taken over. {found['plan']:.2f} s after its start the",
                "program has locked all tables, taken its snapshot, read the catalogs and made its plan: that is when it says that the dump begins.", "",
                *table(found), ""]


def days_section(found):
    yield from ["## Daily files on a file system that shares blocks", ""]
    if "skipped" in found:
        yield from [f"Skipped on this machine: {found['skipped']}.", ""]
        return
    first, last = found["used"][0], found["used"][-1]
    middle = sorted(found["seconds"][1:] or found["seconds"])[(len(found["seconds"]) - 1) // 2]
    yield from [f"`bench/reuse --scale {found['scale']:g} --days {found['days']} --parts days`, on {found['kind']} in a file: {found['days']} backups of "
                f"{megabytes(found['apparent'])} together, 1 % of the rows (newest and oldest)",
                f"changed between one and the next. They take {megabytes(last)} on the disk, **{last / first:.2f}** times the {megabytes(first)} of the first one alone; "
                f"the backups took {middle:.2f} s each, with the check that", "lets the next one take rows over.", ""]


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
    return next(one for name, one in all_of_them.items() if name not in (REUSED, FULL))


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
    curve = {name: results.get("curve", {})[name] for name in CURVES if name in results.get("curve", {})}
    bounds = [(results[part].get("scale", 1), bound) for part in ("churn", "many", "days") if part in results for bound in bounds_of(results, part)]
    lines = [
        "# Benchmarks: rows that are taken over", "",
        "`bench/reuse` (part of `make bench`; the curves with `--curve`) wrote this page. Each section names the command that measured it.", "",
        f"- Machine: {machine()}",
        "- Database: that of `bench/callcenter.sql` without its foreign keys, so that rows may go. A backup is taken and checked; then there is a day's work; then everyone",
        "  takes a backup in turns, and each of ours begins with that first one alone. What is taken over and what is read must be the same script.",
        "- A day's work of 1 %: of each table's rows a third of that is inserted, a third updated, a third deleted, then `VACUUM ANALYZE` as autovacuum does it. The",
        "  *newest* rows are updated and the *oldest* deleted, as in a call center, whose work is on recent calls and whose retention takes old ones.",
        f"- **Where rows are changed matters more than how many.** What is taken over is a range of blocks with about {mebibytes_of_range()} MiB of text. A hundredth of the rows picked *at",
        "  random* leaves no such range as it was: there is nothing to take over, and such a day costs what reading everything costs, and the questions on top. The bounds",
        "  are of work at the tables' ends; work at random is measured beside it.",
        "- Server: PostgreSQL 15 on the same machine, `fsync` off; everything in the page cache; ours alone waits for the disk with `fsync`. Processor time of the server is",
        "  that of all its processes, the ended ones too; ours includes the questions whether ranges are unchanged, the audit, and pg_dump's reading of the definitions.", ""]
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
        if results.get("curve"):
            (docs / "benchmarks-reuse.svg").write_text(curves(list(panels(results["curve"]))), encoding="utf-8")
        print(f"written: {docs / 'benchmarks-reuse.md'}")
