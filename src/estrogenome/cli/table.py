"""Readouts as a table: aligned for people, or tab-separated for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from estrogenome.cli.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from estrogenome.catalog.load import Catalog
    from estrogenome.core.readout_records import Readout, Readouts

_TITLES = ("readout", "median (90 % interval)", "unit", "percentile", "genotype explains", "measured as")
_FIELDS = ("sample", "id", "name", "matrix", "assay", "unit", "median", "q05", "q25", "q75", "q95", "percentile", "genotype_share",
           "known", "failed_draws")  # fmt: skip
_NOTE = "Simulated numbers are no laboratory results. Research and education only; not a medical device."


def table(readouts: Readouts, catalog: Catalog) -> Iterator[str]:
    """Yield aligned lines, one block a person, with names, units and intervals."""
    for sample, own in zip(readouts.samples, readouts.readouts, strict=True):
        if len(readouts.samples) > 1:
            yield clean(sample)
        rows = [_TITLES, *(_cells(readout, catalog) for readout in own)]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        yield from ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows)
    yield _NOTE


def _cells(readout: Readout, catalog: Catalog) -> Sequence[str]:
    from estrogenome.core.numbers import interval, percent, unit

    assay = catalog.assays.get(readout.assay)
    shown = interval(readout.median, readout.interval90, name="")
    percentile = "" if readout.percentile is None else f"{readout.percentile:.0f}"
    share = "" if readout.genotype_share is None else percent(readout.genotype_share)
    cells = (readout.name, shown, unit(readout.unit), percentile, share, assay.name if assay else readout.assay)
    return [" ".join(cell.split()) for cell in cells]


def rows(readouts: Readouts) -> Iterator[str]:
    """Yield the header and one tab-separated line per person and readout; numbers in full, empty where there is none."""
    yield "\t".join(_FIELDS)
    for sample, own in zip(readouts.samples, readouts.readouts, strict=True):
        for r in own:
            numbers = (r.median, r.interval90[0], *r.interval50, r.interval90[1], r.percentile, r.genotype_share)
            shown = ("" if n is None else f"{n:.6g}" for n in numbers)
            yield "\t".join((clean(sample), r.id, r.name, r.matrix, r.assay, r.unit, *shown, str(r.worst_state), str(r.failed_draws)))
