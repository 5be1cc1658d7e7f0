"""Rules on numbers and the sources behind them. Each yields (where, what is wrong and how to mend it)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from estrogenome.catalog.load_studies import studied_sources
from estrogenome.catalog.walk import citations, quantities
from estrogenome.core.errors import KnowledgeError
from estrogenome.core.uncertainty import State
from estrogenome.core.units import parse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from estrogenome.catalog.load import Catalog
    from estrogenome.catalog.schema import Source


def every_source_is_in_the_catalog(catalog: Catalog) -> Iterator[tuple[str, str]]:
    """A reference to a source that no file of ``sources/`` holds."""
    for place, source in citations(catalog):
        if source not in catalog.sources:
            yield place, f"source {source!r} is in no file of sources/; add it there"


def every_number_has_a_locator(catalog: Catalog) -> Iterator[tuple[str, str]]:
    """A number without the place in its source where it stands."""
    for place, quantity in quantities(catalog):
        if not quantity.locator.strip():
            yield place, "no locator; name the table, page or sentence of the source"


def every_unit_parses(catalog: Catalog) -> Iterator[tuple[str, str]]:
    """A unit outside the grammar."""
    units = [(place, quantity.unit) for place, quantity in quantities(catalog)]
    readouts = (*catalog.readouts.values(), *catalog.axis_readouts.values())
    units += [(f"readouts/{r.id}", unit) for r in readouts for unit in (r.unit, r.formula_unit)]
    for place, unit in units:
        try:
            parse(unit)
        except KnowledgeError as error:
            yield place, str(error)


def what_nobody_here_read_is_not_measured(catalog: Catalog) -> Iterator[tuple[str, str]]:
    """A number called measured whose source was read second-hand, or is an assumption of our own."""
    for place, quantity in quantities(catalog):
        source = catalog.sources.get(quantity.source)
        if quantity.state == State.MEASURED and source is not None and source.read in {"secondary", "own"}:
            yield place, f"state measured, but {source.id} is {source.read}; read the paper or give the state assumed"


def every_source_is_used(catalog: Catalog) -> Iterator[tuple[str, str]]:
    """A source that nothing refers to."""
    used = {source for _, source in citations(catalog)} | studied_sources(catalog.root)
    for source in catalog.sources:
        if source not in used:
            yield f"sources/{source}", "nothing refers to it"


def no_two_sources_are_one_paper(catalog: Catalog) -> Iterator[tuple[str, str]]:
    """Two sources of one DOI, one PMID, or one title and year."""
    first: dict[tuple[str, ...], str] = {}
    for source in catalog.sources.values():
        named = (("doi", source.doi.lower()), ("pmid", source.pmid), ("title and year", _title(source), str(source.year)))
        for what in named:
            if what[1] and first.setdefault(what, source.id) != source.id:
                yield f"sources/{source.id}", f"it has the {what[0]} of {first[what]}; keep one of them and name it everywhere"


def _title(source: Source) -> str:
    """Return the longest sentence of a citation, letters and digits alone: the title, or the authors where they are many."""
    return max((re.sub(r"[^a-z0-9]+", " ", part.lower()).strip() for part in re.split(r"[.?] ", source.citation)), key=len)
