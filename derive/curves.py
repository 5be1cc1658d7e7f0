"""Curves in panels beside each other as an SVG that stands alone."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

WIDTH, HEIGHT, GAP, LEFT, TOP, BOTTOM = 300, 230, 66, 52, 40, 64
STYLE = (
    "svg{font:12px system-ui,'Segoe UI','Noto Sans',Arial,sans-serif;background:#fff}text{fill:#1b1f24}.axis{stroke:#d0d7de}.muted{fill:#57606a}"
    "path{fill:none;stroke-width:2}.a{stroke:#0b6e99}.b{stroke:#8a4b00}.c{stroke:#1a7f37}.open{stroke:#57606a;stroke-dasharray:5 4}"
)


class Curve(NamedTuple):
    """One line: how it is drawn (``a``, ``b``, ``c``, ``open``), its name, its points."""

    kind: str
    name: str
    x: Sequence[float]
    y: Sequence[float]


class Panel(NamedTuple):
    """One field: title, words at the axes, ticks of both, its curves."""

    title: str
    across: str
    x: Sequence[float]
    y: Sequence[float]
    curves: Sequence[Curve]


def figure(panels: Sequence[Panel], title: str, description: str) -> str:
    """Return the figure."""
    width, height = LEFT + len(panels) * (WIDTH + GAP), TOP + HEIGHT + BOTTOM
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" role="img" aria-labelledby="t d">',
        f'<title id="t">{escape(title)}</title><desc id="d">{escape(description)}</desc><style>{STYLE}</style>',
    ]
    for i, panel in enumerate(panels):
        out += _panel(panel, LEFT + i * (WIDTH + GAP))
    return "\n".join([*out, "</svg>"]) + "\n"


def _panel(panel: Panel, left: float) -> list[str]:
    def place(x: float, y: float) -> tuple[float, float]:
        across = (x - panel.x[0]) / (panel.x[-1] - panel.x[0])
        up = (min(max(y, panel.y[0]), panel.y[-1]) - panel.y[0]) / (panel.y[-1] - panel.y[0])
        return left + WIDTH * across, TOP + HEIGHT * (1 - up)

    out = [f'<text x="{left}" y="{TOP - 16}">{escape(panel.title)}</text>']
    for tick in panel.x:
        x, _ = place(tick, panel.y[0])
        out.append(f'<line class="axis" x1="{x:.1f}" x2="{x:.1f}" y1="{TOP}" y2="{TOP + HEIGHT}"/>')
        out.append(f'<text class="muted" x="{x:.1f}" y="{TOP + HEIGHT + 16}" text-anchor="middle">{tick:g}</text>')
    for tick in panel.y:
        _, y = place(panel.x[0], tick)
        out.append(f'<line class="axis" x1="{left}" x2="{left + WIDTH}" y1="{y:.1f}" y2="{y:.1f}"/>')
        out.append(f'<text class="muted" x="{left - 6}" y="{y + 4:.1f}" text-anchor="end">{tick:g}</text>')
    out.append(f'<text class="muted" x="{left + WIDTH / 2}" y="{TOP + HEIGHT + 34}" text-anchor="middle">{escape(panel.across)}</text>')
    for i, curve in enumerate(panel.curves):
        points = [place(x, y) for x, y in zip(curve.x, curve.y, strict=True)]
        out.append(f'<path class="{curve.kind}" d="M{" L".join(f"{x:.1f} {y:.1f}" for x, y in points)}"/>')
        at = left + (i % 4) * 82
        out.append(
            f'<path class="{curve.kind}" d="M{at} {TOP + HEIGHT + 50} h14"/><text x="{at + 18}" y="{TOP + HEIGHT + 54}">{escape(curve.name)}</text>'
        )
    return out
