"""Rules on formats of genotype tables. Each yields (where, what is wrong and how to mend it)."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from estrogenome.catalog.load import Catalog

_BASES = frozenset("ACGT")


def formats_do_not_call_a_base_missing(catalog: Catalog) -> Iterator[tuple[str, str]]:
    """A no-call symbol that is made of bases, or is the code for an insertion or deletion."""
    for form in catalog.formats.values():
        for symbol in form.no_calls:
            if symbol and (set(symbol) <= _BASES or symbol in {form.insertion, form.deletion}):
                yield f"formats/{form.id}", f"no-call {symbol} is an allele; take it out of no_calls"


def formats_differ_in_what_they_are_known_by(catalog: Catalog) -> Iterator[tuple[str, str]]:
    """Two formats with the same signs and the same column names: no file could tell them apart."""
    alike: dict[object, list[str]] = defaultdict(list)
    for form in catalog.formats.values():
        names = frozenset((role, name.lower()) for role, known in form.columns.items() for name in known)
        alike[form.signs, form.separator, names, form.order].append(form.id)
    for identifiers in alike.values():
        for identifier in identifiers[1:]:
            yield f"formats/{identifier}", f"known by the same signs and columns as {identifiers[0]}; give it a sign of its own"


def formats_still_lack(catalog: Catalog) -> Iterator[tuple[str, str]]:
    """What would make a format safer to read."""
    for form in catalog.formats.values():
        if form.vendor and form.strand == "unknown":
            yield f"formats/{form.id}", "still lacks a statement of the strand"
