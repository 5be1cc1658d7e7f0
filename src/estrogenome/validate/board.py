"""The scoreboard as one page: per area each predicted interval beside the published number. No script, nothing from outside."""

from __future__ import annotations

import math
from html import escape
from typing import TYPE_CHECKING, Any

from estrogenome.catalog.studies import AREAS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_WIDTH, _LABEL, _LINE, _TOP = 900, 430, 18, 30
_DECADE = 150
_STYLE = """
:root { color-scheme: light dark; --in: #1a6e4a; --out: #b3541e; --line: #8886; --text: #222; --page: #fff; }
@media (prefers-color-scheme: dark) { :root { --in: #5fc795; --out: #ef9a62; --text: #ddd; --page: #181818; } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--text); background: var(--page); }
body { margin: 2rem auto; max-width: 62rem; padding: 0 1rem; }
table { border-collapse: collapse; } td, th { padding: .15rem .7rem; text-align: right; border-bottom: 1px solid var(--line); }
td:first-child, th:first-child { text-align: left; } svg { width: 100%; height: auto; } text { font-size: 11px; fill: var(--text); }
.in { stroke: var(--in); fill: var(--in); } .out { stroke: var(--out); fill: var(--out); } .grid { stroke: var(--line); }
"""
_INTRODUCTION = (
    "<p>Each line is a number that a study published. The vertical line is that number; the bar is the interval that should hold it "
    "nine times in ten, the dot its middle. One step of the grid is a factor of ten.</p>"
)
_COLUMNS = ("n", "cohorts", "gmfe", "coverage90", "median_width", "log_score", "tau_share")
_HEAD = ("rows", "cohorts", "mean fold error", "in the 90 % interval", "median width (fold)", "log score", "share of tau")


def page(board: Mapping[str, Any]) -> str:
    """Return the page of a scoreboard made by ``validate``."""
    rows = [row for row in board["rows"] if row["scored"]]
    body = [
        "<h1>Published people, predicted</h1>",
        _INTRODUCTION,
        *_summary(board),
    ]
    for area, name in AREAS.items():
        own = [row for row in rows if row["area"] == area]
        if own:
            body += [f"<h2>{escape(name.capitalize())}</h2>", _drawing(own)]
    rest = board["not_predicted"]
    if rest:
        body += ["<h2>Not predicted</h2>", "<ul>", *(f"<li>{escape(r['id'])}: {escape(r['reason'])}</li>" for r in rest), "</ul>"]
    head = f'<meta charset="utf-8"><title>Scoreboard</title><style>{_STYLE}</style>'
    policy = "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
    return f'<!doctype html>\n<html lang="en"><head>{policy}{head}</head>\n<body>\n' + "\n".join(body) + "\n</body></html>\n"


def table(board: Mapping[str, Any]) -> list[tuple[str, ...]]:
    """Return the lines of the summary: side and area, beside the priors and the guesses without a model."""
    lines: list[tuple[str, ...]] = []
    for side, whole in board["summary"].items():
        if not whole["n"]:
            continue
        lines.append((side, *_cells(whole)))
        lines += [(f"  {area} {part['name']}", *_cells(part)) for area, part in whole["areas"].items()]
        lines.append(("  priors alone", *_cells(whole["prior"])))
        lines += _guesses(whole["baselines"])
        answers = whole["answers"]
        if answers["n"]:
            lines.append(("  d and g together", *_cells(answers)))
            lines += [(f"    {kind}s", *_cells(part)) for kind, part in answers["kinds"].items() if part["n"]]
            lines += _guesses(answers["baselines"])
    return lines


def _guesses(baselines: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    for name, guess in baselines.items():
        if guess:
            yield (f"  {name.replace('_', ' ')}", *_cells(guess))
            same = {"n": guess["n"], "cohorts": guess["cohorts"], "gmfe": guess["model_gmfe"], "log_score": guess["model_log_score"]}
            yield ("    the model on these rows", *_cells(same))


def head() -> tuple[str, ...]:
    """Return the head of the summary's columns."""
    return ("", *_HEAD)


def _cells(part: Mapping[str, Any]) -> Iterator[str]:
    for name in _COLUMNS:
        value = part.get(name)
        if value is None:
            yield ""
        elif name in {"coverage90", "tau_share"}:
            yield f"{value:.0%}"
        else:
            yield str(value) if isinstance(value, int) else f"{value:.2f}"


def _summary(board: Mapping[str, Any]) -> Iterator[str]:
    yield "<table><thead><tr>" + "".join(f"<th>{escape(h)}</th>" for h in head()) + "</tr></thead><tbody>"
    for line in table(board):
        yield "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in line) + "</tr>"
    yield "</tbody></table>"


def _drawing(rows: Sequence[Mapping[str, Any]]) -> str:
    height = _TOP + _LINE * len(rows)
    middle = _LABEL + (_WIDTH - _LABEL) / 2
    parts = [f'<svg viewBox="0 0 {_WIDTH} {height}" role="img" aria-label="predicted intervals beside published numbers">']
    for decade in (-1, 0, 1):
        x = middle + decade * _DECADE
        parts.append(f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="{_TOP - 10}" y2="{height}"/>')
        parts.append(f'<text x="{x:.1f}" y="{_TOP - 14}" text-anchor="middle">{("÷10", "published", "×10")[decade + 1]}</text>')
    for i, row in enumerate(rows):
        y = _TOP + _LINE * (i + 0.6)
        low, dot, high = (middle + _clamped(row[f"log_{n}"] / math.log(10)) * _DECADE for n in ("low", "middle", "high"))
        kind = "in" if row["inside"] else "out"
        text = f"{row['study']} {row['id']}: {row['readout']} {row['arm']}" + (f" / {row['against']}" if row["against"] else "")
        value = f"{row['published']:g} {row['unit']}; predicted {row['predicted_median']:.3g} ({row['low90']:.3g} to {row['high90']:.3g})"
        parts.append(f'<text x="{_LABEL}" y="{y + 4:.1f}" text-anchor="end">{escape(text)}</text>')
        parts.append(
            f'<g class="{kind}"><title>{escape(value)}</title><line x1="{low:.1f}" x2="{high:.1f}" y1="{y:.1f}" y2="{y:.1f}"/>'
            f'<circle cx="{dot:.1f}" cy="{y:.1f}" r="3"/></g>'
        )
    return "\n".join([*parts, "</svg>"])


def _clamped(decades: float) -> float:
    most = (_WIDTH - _LABEL) / 2 / _DECADE
    return min(max(decades, -most), most)
