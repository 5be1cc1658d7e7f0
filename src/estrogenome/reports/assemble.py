"""``interpret``: from records to everything a report says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from estrogenome.core.genotype_records import SiteState
from estrogenome.core.report_records import GenomeFacts, Report
from estrogenome.core.select import chosen
from estrogenome.reports.clinician import clinical_page
from estrogenome.reports.genes import report_genes
from estrogenome.reports.levels import not_computed, report_readouts
from estrogenome.reports.methods import methods
from estrogenome.reports.pathway import pathway
from estrogenome.reports.references import Numbering, glossary
from estrogenome.reports.summary import summarise
from estrogenome.reports.text import clean
from estrogenome.reports.unseen import gaps, given_values, missing_values, narrows_most, questions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from estrogenome.catalog.load import Catalog
    from estrogenome.core.genotype_records import Diplotypes, Genotypes
    from estrogenome.core.readout_records import Origins, Readouts
    from estrogenome.core.records import Activities, Person, Record

_LONG = 300


def interpret(
    person: Person,
    genotypes: Genotypes,
    diplotypes: Diplotypes,
    activities: Activities,
    readouts: Readouts,
    catalog: Catalog,
    *,
    sample: str | None = None,
    origins: Origins | None = None,
) -> Report:
    """Return everything the report of one person says.

    Args:
        person: whom the numbers are for.
        genotypes: what the file showed.
        diplotypes: what was called from it.
        activities: what follows for the enzymes.
        readouts: what follows for the body.
        catalog: knowledge: words, claims, sources, the map.
        sample: which person of the records; needed only where they hold several.
        origins: where the uncertainty of the readouts comes from, if it was asked.

    Raises:
        SampleError: the sample is not in the records, or several are and none is named.
        KnowledgeError: a cited source or a reaction of the map is missing.
    """
    name = genotypes.samples[chosen(genotypes.samples, sample)]
    row = activities.samples.index(name)
    place = readouts.samples.index(name)
    numbering = Numbering(catalog.sources)
    state = catalog.states.get(person.state)
    missing = missing_values(person, state)
    levels = report_readouts(readouts.readouts[place], person, catalog, numbering, origins.shares[place] if origins else {})
    shown = tuple(level for level in levels if not level.group)
    genes = report_genes(genotypes, diplotypes.of(name), activities, row, name, catalog, numbering)
    genome = genome_facts(genotypes, name, diplotypes.ancestry)
    report = Report(
        person=person.model_copy(update={"measured": {clean(k): v for k, v in person.measured.items()}}),
        state_name=state.name if state else clean(person.state),
        state_plain=state.plain if state else "",
        genome=genome,
        given=given_values(person, state, catalog),
        summary=summarise(genes, shown, genome),
        clinical=clinical_page(genes, shown, genome, missing, len(levels)),
        methods=methods(person, state, genome, genes, levels, readouts.provenance, catalog),
        map=pathway(catalog, readouts.fluxes[place], genes, levels),
        genes=genes,
        readouts=levels,
        unseen=gaps(genes, missing, not_computed(readouts.readouts[place])),
        narrows_most=narrows_most(genes, shown, missing),
        questions=questions(genes, shown, missing),
        references=numbering.references(),
        glossary=(),
        provenance=readouts.provenance,
    )
    return report.model_copy(update={"glossary": glossary(catalog.terms.values(), texts(report))})


def genome_facts(genotypes: Genotypes, sample: str, ancestry: str) -> GenomeFacts:
    """Return what the file showed of one person, in words that are safe to print."""
    chosen = [f"open sites are inferred with the haplotype frequencies of {ancestry}"] if ancestry else []
    states = [observation.state for observation in genotypes.of(sample)]
    return GenomeFacts(
        sample=clean(sample),
        build=clean(genotypes.build),
        observed=states.count(SiteState.OBSERVED),
        inferred=states.count(SiteState.INFERRED),
        not_assayed=states.count(SiteState.NOT_ASSAYED),
        statements=tuple(clean(s, _LONG) for s in (*genotypes.statements, *chosen)),
        warnings=tuple(clean(w, _LONG) for w in genotypes.warnings),
    )


def texts(report: Record) -> Iterator[str]:
    """Yield every text in a report, names of arrows and nodes included."""
    waiting: list[object] = [report.model_dump(exclude={"provenance", "references"})]
    while waiting:
        part = waiting.pop()
        if isinstance(part, str):
            yield part
        elif isinstance(part, dict):
            waiting.extend(part.values())
        elif isinstance(part, (list, tuple)):
            waiting.extend(part)
