"""A bar chart of the results that is readable on light and on dark pages."""
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
