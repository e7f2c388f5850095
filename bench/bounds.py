"""Figures that have to hold: what was measured against its bound, in a table of the page, and as the last word of a benchmark."""
import dataclasses
import sys

# Of smaller data what programs take to start is too much of their time: it is said and not judged.
LEAST_SCALE_OF_TIMES = 0.5


@dataclasses.dataclass(frozen=True)
class Bound:
    """`unit` stands behind both numbers; `floor`: the bound is the least allowed, else it is the most; `timed`: it is of times.

    `value` is None where this machine could not measure it. Then nobody knows whether it holds, and it does not count as if it did."""
    figure: str
    value: float | None
    limit: float
    unit: str = ""
    floor: bool = False
    timed: bool = False

    @property
    def holds(self):
        if self.value is None:
            return False
        return self.value >= self.limit if self.floor else self.value <= self.limit

    @property
    def allowed(self):
        return f"at {'least' if self.floor else 'most'} {self.limit:g}{self.unit}"

    @property
    def measured(self):
        if self.value is None:
            return "not measured"
        return f"{self.value:.2f}".removesuffix(".00") + self.unit


def is_judged(bound, scale):
    return not bound.timed or scale >= LEAST_SCALE_OF_TIMES


def verdict(bound, scale):
    if not is_judged(bound, scale):
        return f", from scale {LEAST_SCALE_OF_TIMES:g} on"
    return "" if bound.holds or bound.value is None else ", **broken**"


def bounds_section(bounds, scale=1):
    """The lines of the page that say what has to hold, and whether it does."""
    rows = [f"| {one.figure.replace('|', chr(92) + '|')} | {one.measured} | {one.allowed}{verdict(one, scale)} |" for one in bounds]
    return ["## What has to hold", "", "| | measured | has to be |", "| --- | ---: | ---: |", *rows, ""]


def judge(bench, bounds, scale=1):
    """Ends the program with status 1 when a bound is broken or was not measured, and says which; to be called when everything else was printed."""
    judged = [one for one in bounds if is_judged(one, scale)]
    broken = [one for one in judged if not one.holds]
    print(f"{bench}: {len(judged) - len(broken)} of {len(bounds)} bounds hold, {len(bounds) - len(judged)} of times are not judged at scale {scale:g}."
          if len(judged) < len(bounds) else f"{bench}: {len(judged) - len(broken)} of {len(bounds)} bounds hold.", flush=True)
    for one in broken:
        print(f"{bench}: {one.figure}{':' if one.value is None else ' is'} {one.measured}, and has to be {one.allowed}.", file=sys.stderr)
    if broken:
        sys.exit(1)
