"""The researcher's page: how the numbers were made, in methods prose."""

from __future__ import annotations

import shlex
from collections import Counter
from typing import TYPE_CHECKING

from estrogenome.core.report_records import Methods
from estrogenome.core.uncertainty import State
from estrogenome.reports.text import clean, counted, listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from estrogenome.catalog.load import Catalog
    from estrogenome.catalog.states import HormonalState
    from estrogenome.core.records import Person, Provenance
    from estrogenome.core.report_records import GenomeFacts, ReportedGene, ReportedReadout

_SHORT = 16


def methods(
    person: Person,
    state: HormonalState | None,
    genome: GenomeFacts,
    genes: Sequence[ReportedGene],
    readouts: Sequence[ReportedReadout],
    provenance: Provenance,
    catalog: Catalog,
) -> Methods:
    """Return the paragraphs and the command that makes the numbers again."""
    return Methods(
        paragraphs=tuple(_paragraphs(person, state, genome, genes, readouts, provenance)),
        command=_command(person, state, provenance, catalog),
    )


def _paragraphs(
    person: Person,
    state: HormonalState | None,
    genome: GenomeFacts,
    genes: Sequence[ReportedGene],
    readouts: Sequence[ReportedReadout],
    provenance: Provenance,
) -> Iterator[str]:
    total = genome.observed + genome.inferred + genome.not_assayed
    terms = sum(len(g.activities) for g in genes)
    draws = counted(provenance.draws, "draw") if provenance.draws is not None else "draws"
    yield (
        f"Genotypes at {total} catalog sites of {counted(len(genes), 'gene')} were read from a file on {genome.build}: "
        f"{genome.observed} observed, {genome.inferred} inferred, {genome.not_assayed} not assayed. Every compatible diplotype was kept "
        "with its posterior weight; what was not assayed keeps the frequencies of the reference population."
    )
    yield (
        f"Relative activities ({counted(terms, 'term')} of gene, reaction and tissue; 1 = frequency-weighted mean of the reference "
        f"population) are distributions over {draws}: effect sizes, diplotypes and unseen variation are drawn jointly. They enter the "
        "model as factor = 1 + Σ share · (activity − 1)."
    )
    name = state.name if state else clean(person.state)
    failed = max((r.failed_draws for r in readouts), default=0)
    yield (
        f"Constants of the state “{name}” were drawn from the fitted posterior, the parameter tables and the variance between people; "
        "covariates from their joint distribution, conditional on values that were stated. The model "
        f"({provenance.model_hash[:_SHORT] or 'no digest'}) was solved for the steady state of each draw; {failed} had none."
    )
    yield (
        "Percentiles are those of the median of these draws among single draws of simulated people of the same state. The effect of "
        "genotype compares this genotype with a random one in the same bodies, draw by draw. The share of genotype is its total effect on "
        "the variance of the logarithm between simulated people, interactions included."
    )
    known = Counter(r.worst_state for r in readouts)
    words = [f"{known[how]} {how.value}" for how in State if known[how]]
    yield (
        f"Worst state on the path of a readout: {listed(words)} (of {len(readouts)}). Quantiles are of the draws, not of a sampling "
        "distribution."
    )


def person_options(person: Person, state: HormonalState | None, catalog: Catalog) -> list[str]:
    """Return the words of the command line that state the person's state, values and exposures."""
    options = {c.parameter: (c.option or c.parameter, c.unit) for c in (state.covariates if state else ())}
    words = ["--state", clean(person.state)]
    for name, value in person.measured.items():
        option, unit = options.get(name, (clean(name), ""))
        words += ["--measured", f"{option}={value:.6g} {unit}".strip()]
    for exposed in person.exposures:
        entry = catalog.exposures.get(exposed.id)
        unit = entry.dose.unit if entry and entry.dose else ""
        words += ["--exposure", clean(exposed.id) if exposed.dose is None else f"{clean(exposed.id)}:{exposed.dose:g} {unit}".strip()]
    return words


def _command(person: Person, state: HormonalState | None, provenance: Provenance, catalog: Catalog) -> str:
    words = ["--sex", person.sex, "--age", f"{person.age:g}", *person_options(person, state, catalog)]
    if provenance.seed is not None:
        words += ["--seed", str(provenance.seed)]
    if provenance.draws is not None:
        words += ["--draws", str(provenance.draws)]
    return f"estrogenome analyze FILE {shlex.join(words)} --out DIR"
