"""A forest plot of predicted and published folds as an SVG that stands alone."""

from __future__ import annotations

from html import escape
from math import exp, log
from typing import NamedTuple

LOW, HIGH = 0.25, 4.0
TICKS = (0.25, 0.5, 0.75, 1.0, 1.33, 2.0, 4.0)
LEFT, PLOT, RIGHT, TOP, ROW = 440, 420, 150, 62, 24
STYLE = (
    "svg{font:12px system-ui,'Segoe UI','Noto Sans',Arial,sans-serif;background:#fff}text{fill:#1b1f24}.axis{stroke:#d0d7de}"
    ".one{stroke:#57606a}.seen{fill:#e4e8ec}.ours{stroke:#0b6e99;fill:#0b6e99}.theirs{stroke:#8a4b00;fill:#8a4b00}.none{stroke:#8a4b00;fill:#fff}.muted{fill:#57606a}"
)


class Line(NamedTuple):
    """A row in logarithms: ours (low, middle, high), theirs or None, the bare sign of theirs (0: no difference), the detectable effect or None, and the verdict."""

    label: str
    ours: tuple[float, float, float]
    theirs: tuple[float, float, float] | None
    sign: float | None
    detectable: float | None
    verdict: str


def place(value: float) -> float:
    """Return the x of a log fold, kept on the plot."""
    share = (min(max(value, log(LOW)), log(HIGH)) - log(LOW)) / (log(HIGH) - log(LOW))
    return LEFT + PLOT * share


def forest(lines: list[Line], title: str, description: str) -> str:
    """Return the figure."""
    width, height = LEFT + PLOT + RIGHT, TOP + ROW * len(lines) + 16
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" role="img" aria-labelledby="t d">',
        f'<title id="t">{escape(title)}</title><desc id="d">{escape(description)}</desc><style>{STYLE}</style>',
        _mark(LEFT, 16, "ours", "ours, median and 90 %"),
        _mark(LEFT + 185, 16, "theirs", "published, 95 %"),
        f'<rect class="seen" x="{LEFT + 335}" y="10" width="26" height="12"/><text x="{LEFT + 367}" y="20">too small to see</text>',
    ]
    for tick in TICKS:
        x = place(log(tick))
        out.append(f'<line class="{"one" if tick == 1 else "axis"}" x1="{x:.1f}" x2="{x:.1f}" y1="{TOP - 10}" y2="{height - 12}"/>')
        out.append(f'<text class="muted" x="{x:.1f}" y="{TOP - 16}" text-anchor="middle">{tick:g}</text>')
    for i, line in enumerate(lines):
        out += _row(line, TOP + ROW * i + ROW / 2)
    return "\n".join([*out, "</svg>"]) + "\n"


def _mark(x: float, y: float, kind: str, text: str) -> str:
    return (
        f'<line class="{kind}" x1="{x}" x2="{x + 26}" y1="{y}" y2="{y}"/><circle class="{kind}" cx="{x + 13}" cy="{y}" r="4"/>'
        f'<text x="{x + 32}" y="{y + 4}">{text}</text>'
    )


def _row(line: Line, y: float) -> list[str]:
    out = []
    if line.detectable is not None:
        one, other = place(-line.detectable), place(line.detectable)
        out.append(f'<rect class="seen" x="{one:.1f}" y="{y - 9:.1f}" width="{other - one:.1f}" height="18"/>')
    out.append(f'<text x="{LEFT - 12}" y="{y + 4:.1f}" text-anchor="end">{escape(line.label)}</text>')
    if line.theirs:
        out += _interval(line.theirs, y - 4, "theirs")
    elif line.sign == 0:
        out.append(f'<circle class="none" cx="{place(0):.1f}" cy="{y - 4:.1f}" r="3.5"><title>no difference reported</title></circle>')
    elif line.sign is not None:
        out.append(
            f'<text class="theirs" x="{place(line.sign * 0.15):.1f}" y="{y}" text-anchor="middle">{"→" if line.sign > 0 else "←"}</text>'
        )
    out += _interval(line.ours, y + 4, "ours")
    out.append(f'<text x="{LEFT + PLOT + 12}" y="{y + 4:.1f}">{escape(line.verdict)}</text>')
    return out


def _interval(values: tuple[float, float, float], y: float, kind: str) -> list[str]:
    low, middle, high = (place(v) for v in values)
    told = " – ".join(f"{exp(v):.2f}" for v in (values[0], values[2]))
    return [
        f'<line class="{kind}" x1="{low:.1f}" x2="{high:.1f}" y1="{y:.1f}" y2="{y:.1f}"/>',
        f'<circle class="{kind}" cx="{middle:.1f}" cy="{y:.1f}" r="3.5"><title>{exp(values[1]):.2f} ({told})</title></circle>',
    ]
