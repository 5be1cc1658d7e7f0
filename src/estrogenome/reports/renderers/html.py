"""A report as one self-contained HTML file in three voices: no script, no network, everything escaped."""

from __future__ import annotations

import base64
import hashlib
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from estrogenome.core import numbers
from estrogenome.reports import text
from estrogenome.reports.grade import MEANINGS, STATE_MEANINGS
from estrogenome.reports.renderers import json
from estrogenome.reports.renderers.layout import flux_text, picture, tag_text
from estrogenome.reports.sliders import slider
from estrogenome.reports.summary import distance

if TYPE_CHECKING:
    from collections.abc import Iterable

    from estrogenome.catalog.load import Catalog
    from estrogenome.core.report_records import Report, ReportedActivity, ReportedGene, ReportedMap, ReportedReadout

E = TypeVar("E", "ReportedGene", "ReportedReadout")
TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
_KILO = 1000
_DRAWN = (".map ", ".box", ".arrow", ".stripe")
_FONT = 'system-ui, "Segoe UI", "Noto Sans", Arial, sans-serif'


def render(report: Report, catalog: Catalog) -> str:
    """Return ``report`` as an HTML page.

    Args:
        report: everything the page says.
        catalog: the knowledge it was made with; its version stands in the page's head.
    """
    style = (TEMPLATES / "style.css").read_text(encoding="utf-8")
    record = json.render(report).encode()
    return (
        environment()
        .get_template("page.html")
        .render(
            report=report,
            knowledge=catalog.version,
            wide=picture(report.map),
            upright=picture(report.map, upright=True),
            sliders=[slider(r) for r in report.readouts],
            style=Markup(style),  # noqa: S704 - our own file
            style_hash=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
            meanings=MEANINGS,
            state_meanings={state.value: meaning for state, meaning in STATE_MEANINGS.items()},
            words=_words(report),
            flux_text=flux_text,
            tag_text=tag_text,
            clinical_levels=_named(report.readouts, report.clinical.readouts),
            clinical_genes=_named(report.genes, report.clinical.genes),
            furthest=_furthest,
            embedded=base64.b64encode(record).decode(),
            embedded_kilobytes=len(record) / _KILO,
        )
    )


def _named(entries: Iterable[E], wanted: Iterable[str]) -> list[E]:
    """Return the entries with these identifiers, in their order."""
    known = {entry.id: entry for entry in entries}
    return [known[identifier] for identifier in wanted if identifier in known]


def _furthest(gene: ReportedGene) -> ReportedActivity:
    return max(gene.activities, key=distance)


def figure(pathway: ReportedMap, title: str) -> str:
    """Return a pathway map as an SVG file that stands alone."""
    style = (TEMPLATES / "style.css").read_text(encoding="utf-8")
    light = style[style.index(":root {") : style.index("\n}") + 2]
    rules = [line for line in style.splitlines() if line.startswith(_DRAWN) and "upright" not in line]
    sheet = "\n".join([light, f"svg {{ font: 13px {_FONT}; background: var(--paper); }}", *rules])
    described = "Stations from left to right: sources, exchange, hydroxylation, what follows, out."
    drawn = str(environment().get_template("macros.html").module.map(picture(pathway), "wide", title, described)).strip()  # type: ignore[attr-defined]
    size = f'<svg xmlns="http://www.w3.org/2000/svg" width="{pathway.width:g}"'
    return drawn.replace("<svg", size, 1).replace("<defs>", f"<style>{sheet}</style><defs>", 1) + "\n"


def _words(report: Report) -> dict[str, str]:
    """Return the meanings of the chips' words on the summary card, in their order of rank."""
    grades = {statement.grade for found in report.summary for statement in found.evidence}
    states = {found.state for found in report.summary if found.state}
    return {g: m for g, m in MEANINGS.items() if g in grades} | {f"model · {s.value}": m for s, m in STATE_MEANINGS.items() if s in states}


def _breakable(name: str) -> Markup:
    """Return a name, escaped, that a narrow column may break behind its underscores instead of anywhere."""
    return escape(name).replace("_", Markup("_<wbr>"))


@lru_cache(maxsize=1)
def environment() -> ImmutableSandboxedEnvironment:
    """Return the templates with their filters: everything escaped, nothing run."""
    made = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    made.filters |= {
        "breakable": _breakable,
        "inline": text.inline,
        "interval": numbers.interval,
        "listed": text.listed,
        "number": numbers.number,
        "ordinal": numbers.ordinal,
        "percent": numbers.percent,
        "sentence": text.sentence,
        "unit": numbers.unit,
    }
    return made
