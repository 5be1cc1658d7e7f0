"""Walking through every entry of the catalog, down to its numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from estrogenome.catalog.schema import Entry, Quantity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from estrogenome.catalog.load import Catalog

KINDS = (
    "genes",
    "enzymes",
    "claims",
    "terms",
    "sources",
    "states",
    "refusals",
    "assays",
    "readouts",
    "axis_readouts",
    "parameters",
    "formats",
    "exposures",
    "consequences",
    "therapies",
    "protocols",
    "axes",
    "benches",
)


def entries(catalog: Catalog) -> Iterator[tuple[str, Entry]]:
    """Yield (place, entry) for every entry of the catalog and everything within it."""
    for kind in KINDS:
        for identifier, entry in getattr(catalog, kind).items():
            yield from _within(f"{kind}/{identifier}", entry)
    for table, rows in catalog.axis_parameters.items():
        for identifier, row in rows.items():
            yield from _within(f"axes/{table}[{identifier}]", row)
    yield from _within("models/map", catalog.pathway)


def quantities(catalog: Catalog) -> Iterator[tuple[str, Quantity]]:
    """Yield (place, quantity) for every number that carries a source."""
    for place, entry in entries(catalog):
        if isinstance(entry, Quantity):
            yield place, entry


def citations(catalog: Catalog) -> Iterator[tuple[str, str]]:
    """Yield (place, source identifier) for every reference to a source."""
    for place, entry in entries(catalog):
        for name in ("source", "sources", "contradicted_by"):
            value = getattr(entry, name, ())
            if value is None:
                continue
            for source in (value,) if isinstance(value, str) else value:
                yield place, source
    yield from _fitted(catalog)


def _fitted(catalog: Catalog) -> Iterator[tuple[str, str]]:
    """Yield the sources behind what was fitted: calibration rows, priors, variances between people, measures of the body."""
    for kind in ("rows", "parameters"):
        for entry in catalog.posterior.get(kind, ()):
            yield f"derived/posterior.{kind}[{entry['id']}]", entry["source"]
    for name, entry in catalog.between.get("entries", {}).items():
        yield f"derived/between[{name}]", entry["source"]
    for row in catalog.between.get("rows", ()):
        yield f"derived/between.rows[{row['what']}]", row["source"]
    for row in catalog.population.get("rows", ()):
        yield f"derived/population.rows[{row['covariate']} {row['what']} {row['sex']}]", row["source"]


def _within(place: str, entry: Entry) -> Iterator[tuple[str, Entry]]:
    yield place, entry
    for name in type(entry).model_fields:
        yield from _inside(f"{place}.{name}", getattr(entry, name))


def _inside(place: str, value: Any) -> Iterator[tuple[str, Entry]]:
    if isinstance(value, Entry):
        yield from _within(place, value)
    elif isinstance(value, tuple):
        for i, item in enumerate(value):
            label = getattr(item, "id", None) or getattr(item, "name", None) or i if isinstance(item, BaseModel) else i
            yield from _inside(f"{place}[{label}]", item)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _inside(f"{place}[{key}]", item)
