"""Charts of the results that are readable on light and on dark pages."""
from html import escape

from contest import CHECKED, OURS

WIDTH, LABEL, BAR, ROW, TOP = 760, 210, 450, 24, 34
STYLE = """<style>
text { font: 13px system-ui, sans-serif; fill: #1f2328 } .title { font-weight: 600 } .other { fill: #8c959f } .ours { fill: #1a7f37 }
@media (prefers-color-scheme: dark) { text { fill: #e6edf3 } .other { fill: #6e7681 } .ours { fill: #3fb950 } }
</style>"""


def chart(results):
    parts, height = [], 8
    for title, bars in groups(results):
        parts.append(group(title, bars, height))
        height += TOP + ROW * len(bars) + 14
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
            f'aria-label="Seconds to dump and to restore; shorter is better">\n{STYLE}\n' + "\n".join(parts) + "\n</svg>\n")


def groups(results):
    whole, giant = results["databases"]["call_center"], results["databases"]["giant"]
    yield "Dump of the whole database, seconds", whole["dump"]
    yield "Restore of the whole database, seconds", whole["restore"]
    yield "Dump of one giant table, seconds", giant["dump"]
    yield "Restore of one giant table, seconds", giant["restore"]


def group(title, bars, y):
    longest = max(one.seconds for one in bars.values())
    lines = [f'<text class="title" x="0" y="{y + 18}">{escape(title)}</text>']
    for row, (name, one) in enumerate(sorted(bars.items(), key=lambda item: item[1].seconds)):
        top = y + TOP + row * ROW
        width = max(1, one.seconds / longest * BAR)
        kind = "ours" if name in (OURS, CHECKED) else "other"
        lines.append(f'<text x="{LABEL - 8}" y="{top + 13}" text-anchor="end">{escape(name)}</text>'
                     f'<rect class="{kind}" x="{LABEL}" y="{top}" width="{width:.1f}" height="17" rx="2"/>'
                     f'<text x="{LABEL + width + 6:.1f}" y="{top + 13}">{one.seconds:.1f}</text>')
    return "\n".join(lines)


# Of a panel with lines.
HEIGHT, LEFT, RIGHT, UNDER = 190, 60, 190, 26
KINDS = {"taken over": "ours", "everything read": "full"}
LINES = """<style>
polyline.other, polyline.ours, polyline.full { fill: none; stroke-width: 2 }
polyline.other { stroke: #8c959f } polyline.ours { stroke: #1a7f37 } polyline.full { stroke: #0969da } .full { fill: #0969da }
.axis { stroke: #8c959f; stroke-width: 1 }
@media (prefers-color-scheme: dark) { polyline.other { stroke: #6e7681 } polyline.ours { stroke: #3fb950 } polyline.full { stroke: #58a6ff } .full { fill: #58a6ff } }
</style>"""


def curves(panels):
    """One panel under the other: a title, the steps along it, and by name the seconds at each step."""
    whole = (TOP + HEIGHT + UNDER + 14) * len(panels) + 8
    parts = [panel(title, steps, lines, 8 + number * (TOP + HEIGHT + UNDER + 14)) for number, (title, steps, lines) in enumerate(panels)]
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {whole}" role="img" '
            f'aria-label="Seconds of a backup as work grows; lower is better">\n{STYLE}\n{LINES}\n' + "\n".join(parts) + "\n</svg>\n")


def panel(title, steps, lines, y):
    most = max(max(values) for values in lines.values())
    across = (WIDTH - LEFT - RIGHT) / max(1, len(steps) - 1)
    bottom = y + TOP + HEIGHT

    def place(step, value):
        return LEFT + step * across, bottom - value / most * HEIGHT

    drawn = [f'<text class="title" x="0" y="{y + 18}">{escape(title)}</text>',
             f'<path class="axis" fill="none" d="M{LEFT} {y + TOP}V{bottom}H{WIDTH - RIGHT}"/>',
             f'<text x="{LEFT - 6}" y="{y + TOP + 5}" text-anchor="end">{most:.1f}</text><text x="{LEFT - 6}" y="{bottom + 5}" text-anchor="end">0</text>']
    drawn += [f'<text x="{place(number, 0)[0]:.1f}" y="{bottom + 20}" text-anchor="middle">{escape(step)}</text>' for number, step in enumerate(steps)]
    return "\n".join(drawn + [line(name, [place(step, value) for step, value in enumerate(values)], number, y)
                              for number, (name, values) in enumerate(lines.items())])


def line(name, places, number, y):
    """With its name in the legend beside the panel."""
    kind = KINDS.get(name, "other")
    points = " ".join(f"{x:.1f},{y_:.1f}" for x, y_ in places)
    dots = "".join(f'<circle class="{kind}" cx="{x:.1f}" cy="{y_:.1f}" r="3"/>' for x, y_ in places)
    legend = f'<circle class="{kind}" cx="{WIDTH - RIGHT + 30}" cy="{y + TOP + 8 + number * 20}" r="5"/>'
    return (f'<polyline class="{kind}" points="{points}"/>{dots}{legend}'
            f'<text x="{WIDTH - RIGHT + 42}" y="{y + TOP + 13 + number * 20}">{escape(name)}</text>')
