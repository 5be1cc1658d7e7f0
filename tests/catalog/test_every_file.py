"""Every knowledge file: it follows its schema, every number has unit, source, locator and state, every citation resolves."""

from __future__ import annotations

from pathlib import Path

import pytest

from estrogenome.catalog.lint import Severity, lint
from estrogenome.catalog.load import KNOWLEDGE, Catalog, load_catalog
from estrogenome.catalog.walk import citations, quantities
from estrogenome.core.uncertainty import State
from estrogenome.core.units import parse

CATALOG = load_catalog()
NUMBERS = list(quantities(CATALOG))
KINDS = {
    "genes": "genes",
    "enzymes": "enzymes",
    "states": "states",
    "refusals": "refusals",
    "assays": "assays",
    "readouts": "readouts",
    "formats": "formats",
    "exposures": "exposures",
    "therapies": "therapies",
    "protocols": "protocols",
}
ONE_ENTRY = [path for folder in KINDS for path in sorted((KNOWLEDGE / folder).glob("*.yaml"))]


@pytest.mark.parametrize("path", ONE_ENTRY, ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_file_is_an_entry(path: Path) -> None:
    kind = KINDS[path.parent.name]
    assert path.stem in {**getattr(CATALOG, kind), **(CATALOG.axis_readouts if kind == "readouts" else {})}


@pytest.mark.parametrize(("place", "number"), NUMBERS, ids=[place for place, _ in NUMBERS])
def test_number_has_unit_source_locator_and_state(place: str, number: object) -> None:
    assert parse(number.unit)
    assert number.source in CATALOG.sources
    assert number.locator.strip()
    assert number.state in set(State)


@pytest.mark.parametrize("place", sorted({place.split(".")[0].split("[")[0] for place, _ in citations(CATALOG)}))
def test_citations_resolve(place: str) -> None:
    unknown = [source for where, source in citations(CATALOG) if where.startswith(place) and source not in CATALOG.sources]
    assert not unknown


@pytest.mark.parametrize("source", sorted(CATALOG.sources))
def test_source_can_be_found(source: str) -> None:
    entry = CATALOG.sources[source]
    assert entry.read == "own" or entry.doi.startswith("10.") or entry.pmid.isdigit() or entry.url.startswith("https://"), entry


def test_lint_finds_no_error(catalog: Catalog) -> None:
    errors = [str(issue) for issue in lint(catalog) if issue.severity is Severity.ERROR]
    assert not errors


def test_there_is_a_licence_note() -> None:
    assert list(KNOWLEDGE.glob("LICEN?E*"))
