"""A comparison as one self-contained HTML file in three voices, and as JSON: no script, no network, everything escaped."""

from __future__ import annotations

import base64
import hashlib
import math
import re
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from markupsafe import Markup

from estrogenome.reports.grade import MEANINGS, STATE_MEANINGS
from estrogenome.reports.renderers import json
from estrogenome.reports.renderers.courses import figures, unmoved
from estrogenome.reports.renderers.html import TEMPLATES, environment
from estrogenome.reports.sliders import short

if TYPE_CHECKING:
    from collections.abc import Iterable

    from estrogenome.catalog.load import Catalog
    from estrogenome.core.compare_records import Comparison, Difference, LoopEffect, Spread

_KILO = 1000
_LEFT, _WIDTH = 2, 96
_FOLDS = (
    (1, 10),
    (1, 5),
    (1, 4),
    (1, 3),
    (1, 2),
    (2, 3),
    (4, 5),
    (9, 10),
    (1, 1),
    (10, 9),
    (5, 4),
    (3, 2),
    (2, 1),
    (3, 1),
    (4, 1),
    (5, 1),
    (10, 1),
)
_NEAR = 7
_NUMBERS = re.compile(r"\[\s+([-+0-9.eE,\s]+?)\s+\]")


def render(comparison: Comparison, catalog: Catalog) -> str:
    """Return ``comparison`` as an HTML page.

    Args:
        comparison: everything the page says.
        catalog: the knowledge it was made with.
    """
    style = "\n".join((TEMPLATES / name).read_text(encoding="utf-8") for name in ("style.css", "compare.css"))
    record = render_json(comparison).encode()
    pairs = [(b, a) for a, b in combinations(comparison.scenarios, 2)]
    return (
        environment()
        .get_template("compare.html")
        .render(
            c=comparison,
            report=comparison,
            knowledge=catalog.version,
            style=Markup(style),  # noqa: S704 - our own files
            style_hash=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
            figures=figures(comparison, catalog.panel.plots),
            unmoved=unmoved(comparison, catalog.panel.plots),
            pairs=pairs,
            difference=_finder(comparison.differences),
            forest=forest(comparison.loops),
            meanings=MEANINGS,
            state_meanings={state.value: meaning for state, meaning in STATE_MEANINGS.items()},
            assays={a.id: a.name for a in catalog.assays.values()},
            people=catalog.panel.people,
            embedded=base64.b64encode(record).decode(),
            embedded_kilobytes=len(record) / _KILO,
        )
    )


def render_json(comparison: Comparison) -> str:
    """Return ``comparison`` as JSON text in the order of its record, each list of numbers on one line."""
    return _NUMBERS.sub(lambda found: "[" + "".join(found[1].split()).replace(",", ", ") + "]", json.render(comparison))


class _finder:  # noqa: N801 - a function of the template
    """Finds the difference of two scenarios in one readout."""

    def __init__(self, differences: Iterable[Difference]) -> None:
        self._known = {(d.a, d.b, d.id): d for d in differences}

    def __call__(self, a: str, b: str, identifier: str) -> Difference | None:
        return self._known.get((a, b, identifier))


# ---------------------------------------------------------------- open beside closed


@dataclass(frozen=True)
class Bar:
    """A fold with its interval, in percent from the left."""

    low: float
    high: float
    middle: float


@dataclass(frozen=True)
class Row:
    """Open beside closed of one readout in one scenario."""

    effect: LoopEffect
    open: Bar
    closed: Bar


@dataclass(frozen=True)
class Forest:
    """All effects of genotype on one logarithmic scale."""

    rows: tuple[Row, ...]
    ticks: tuple[tuple[float, str], ...]
    one: float


def forest(effects: Iterable[LoopEffect]) -> Forest | None:
    """Return the picture of open beside closed; None where there is no effect to show."""
    shown = [(e, e.open, e.closed) for e in effects if e.open and e.closed]
    bounds = [b for _, o, c in shown for b in (*o.interval90, *c.interval90) if b > 0]
    if not bounds:
        return None
    reach = max([*bounds, *(1 / b for b in bounds), _FOLDS[9][0] / _FOLDS[9][1]])

    def place(fold: float) -> float:
        inside = min(max(fold, 1 / reach), reach)
        return round(_LEFT + _WIDTH * (math.log(inside) / math.log(reach) + 1) / 2, 2)

    def bar(spread: Spread) -> Bar:
        return Bar(place(spread.interval90[0]), place(spread.interval90[1]), place(spread.median))

    ticks: list[tuple[float, str]] = []
    for over, under in sorted(_FOLDS, key=lambda f: abs(math.log(f[0] / f[1]))):
        at = place(over / under)
        if 1 / reach <= over / under <= reach and all(abs(at - other) > _NEAR for other, _ in ticks):
            ticks.append((at, short(over / under)))
    return Forest(tuple(Row(e, bar(o), bar(c)) for e, o, c in shown), tuple(sorted(ticks)), place(1.0))
