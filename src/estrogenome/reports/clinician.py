"""The clinician's page: one page, the unusual first, each number by its assay; no dose, no verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING

from estrogenome.core.genotype_records import CallStatus
from estrogenome.core.report_records import ClinicalPage
from estrogenome.reports.summary import CLINICIAN, most_moved, notable, summarise, unusual_levels
from estrogenome.reports.unseen import narrows_most

if TYPE_CHECKING:
    from collections.abc import Sequence

    from estrogenome.catalog.states import Covariate
    from estrogenome.core.report_records import GenomeFacts, ReportedGene, ReportedReadout

_LEVELS, _GENES = 12, 6
"""What fits on one printed page."""


def clinical_page(
    genes: Sequence[ReportedGene], readouts: Sequence[ReportedReadout], genome: GenomeFacts, missing: Sequence[Covariate], total: int
) -> ClinicalPage:
    """Return what the page holds; ``readouts`` are those of the main panel, ``total`` is how many the report has in all."""
    levels = _levels(readouts)
    return ClinicalPage(
        summary=summarise(genes, readouts, genome, CLINICIAN),
        readouts=levels,
        left_out=total - len(levels),
        genes=_enzymes(genes),
        dark=tuple(g.id for g in genes if g.status is CallStatus.NOT_ASSAYED),
        narrows_most=narrows_most(genes, readouts, missing, CLINICIAN),
    )


def _levels(readouts: Sequence[ReportedReadout]) -> tuple[str, ...]:
    moved = most_moved(readouts)
    own = [r for r in readouts if r.own_value is not None]
    ordered = [*own, *unusual_levels(readouts), *([moved] if moved else []), *readouts]
    return tuple(dict.fromkeys(r.id for r in ordered))[:_LEVELS]


def _enzymes(genes: Sequence[ReportedGene]) -> tuple[str, ...]:
    carried = [g for g in genes if g.activities and any(c.carried and (c.alleles or not c.site) for c in g.claims)]
    ordered = [*(gene for gene, _ in notable(genes)), *(g for g in carried if g.status is not CallStatus.NOT_ASSAYED)]
    return tuple(dict.fromkeys(g.id for g in ordered))[:_GENES]
