"""Readouts as the page shows them, with the notes that stand beside each."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from estrogenome.core.numbers import NBSP, interval, percent
from estrogenome.core.report_records import ReportedReadout
from estrogenome.core.uncertainty import Origin
from estrogenome.reports.text import counted, listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from estrogenome.catalog.load import Catalog
    from estrogenome.core.readout_records import Readout
    from estrogenome.core.records import Person
    from estrogenome.reports.references import Numbering

_LITTLE = 10
_HUNDRED = 100


def explains_little(share: float | None) -> bool:
    """Return whether genotype explains less than a tenth of the spread."""
    return share is not None and share * _HUNDRED < _LITTLE


def report_readouts(
    readouts: Iterable[Readout],
    person: Person,
    catalog: Catalog,
    numbering: Numbering,
    origins: Mapping[str, dict[str, float]] | None = None,
) -> tuple[ReportedReadout, ...]:
    """Return the readouts that could be computed, in the catalog's order; ``origins`` are the shares of their variance, by readout."""
    shares = origins or {}
    kept = [r for r in readouts if math.isfinite(r.median)]
    order = {identifier: place for place, identifier in enumerate(catalog.readouts)}
    ordered = sorted(kept, key=lambda r: order.get(r.id, len(order)))
    return tuple(_readout(r, person, catalog, numbering, shares.get(r.id, {})) for r in ordered)


def not_computed(readouts: Iterable[Readout]) -> tuple[str, ...]:
    """Return the names of readouts without a single solved draw."""
    return tuple(r.name for r in readouts if not math.isfinite(r.median))


def _readout(readout: Readout, person: Person, catalog: Catalog, numbering: Numbering, shares: dict[str, float]) -> ReportedReadout:
    spec = catalog.readouts.get(readout.id)
    assay = catalog.assays.get(readout.assay)
    fields = dict(readout)
    if fields["percentile"] is not None and not math.isfinite(fields["percentile"]):
        fields["percentile"] = None
    name = assay.name if assay else readout.assay
    fields["assay"] = name if name.casefold().startswith(readout.matrix.casefold()) else f"{readout.matrix}, {name}"
    return ReportedReadout(
        **fields,
        kind=spec.kind if spec else "level",
        plain=spec.plain if spec else "",
        group=spec.group if spec else "",
        own_value=person.measured.get(readout.id),
        share_note=_share_note(readout.genotype_share),
        variance_shares=shares,
        notes=tuple(_notes(readout, shares)),
        references=numbering.cite_all(readout.sources),
    )


def _share_note(share: float | None) -> str:
    if share is None:
        return ""
    if explains_little(share):
        return f"Genotype explains less than {_LITTLE}{NBSP}% of the spread between simulated people."
    return f"Genotype explains about {percent(share)} of the spread between simulated people."


_ORIGINS = {
    Origin.PERSON: "how bodies differ beyond what is known of this one",
    Origin.CONSTANTS: "what nobody knows of the constants of the body",
    Origin.ENZYMES: "what a genotype leaves open of the enzymes",
}


def split_in_words(shares: Mapping[str, float]) -> str:
    """Return where the uncertainty of a readout comes from, in words; empty where that was not asked.

    Shares hold interactions; they are shown as parts of their sum.
    """
    total = sum(shares.values())
    if not total:
        return ""
    parts = sorted(shares.items(), key=lambda item: -item[1])
    return "Its interval: " + listed(f"{percent(share / total)} {_ORIGINS[Origin(name)]}" for name, share in parts) + "."


def _notes(readout: Readout, shares: Mapping[str, float]) -> Iterator[str]:
    split = split_in_words(shares)
    if split:
        yield split
    if readout.genotype_effect:
        low, middle, high = sorted(readout.genotype_effect)
        yield f"Your genotype multiplies it by {interval(middle, (low, high))}, against a random genotype in the same body."
    if readout.failed_draws:
        verb = "is" if readout.failed_draws == 1 else "are"
        yield f"{counted(readout.failed_draws, 'draw').capitalize()} of the simulation had no solution and {verb} left out."
