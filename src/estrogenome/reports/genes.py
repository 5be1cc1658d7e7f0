"""What was seen of each gene, in plain words, and what follows for its enzyme."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from estrogenome.catalog.haplotypes import equal_population_frequencies
from estrogenome.core.genotype_records import CallStatus, SiteState
from estrogenome.core.numbers import percent
from estrogenome.core.report_records import NamedProbability, ReportedActivity, ReportedGene, ReportedSite
from estrogenome.reports.claims import report_claims
from estrogenome.reports.text import clean, counted, listed, phrase

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from estrogenome.catalog.genes import Gene
    from estrogenome.catalog.load import Catalog
    from estrogenome.core.genotype_records import GeneDiplotypes, Genotypes, SiteObservation
    from estrogenome.core.records import Activities, FloatArray
    from estrogenome.reports.references import Numbering

_LOW, _MIDDLE, _HIGH = 5, 50, 95
_SHOWN = 6

STATUS_TEXTS = {
    CallStatus.CALLED: "read from your file",
    CallStatus.AMBIGUOUS: "more than one answer fits your file",
    CallStatus.INFERRED: "inferred, not read directly",
    CallStatus.PARTIAL: "only part of the sites were in your file",
    CallStatus.NOT_ASSAYED: "not assayed: the range of the population is used",
}
_UNUSED = "not in your file"
"""Said instead of ``STATUS_TEXTS`` where nothing follows for the model."""


def report_genes(
    genotypes: Genotypes,
    diplotypes: Iterable[GeneDiplotypes],
    activities: Activities,
    row: int,
    sample: str,
    catalog: Catalog,
    numbering: Numbering,
) -> tuple[ReportedGene, ...]:
    """Return every gene of the record: those that differ from the most frequent first, those not assayed last."""
    observed = dict(zip(genotypes.sites, genotypes.of(sample), strict=True))
    genes = [_gene(catalog.genes[d.gene], d, observed, activities, row, catalog, numbering) for d in diplotypes]
    return tuple(sorted(genes, key=_order))


def _gene(
    gene: Gene,
    diplotypes: GeneDiplotypes,
    observed: dict[str, SiteObservation],
    activities: Activities,
    row: int,
    catalog: Catalog,
    numbering: Numbering,
) -> ReportedGene:
    shown = tuple(_activities(gene.id, activities, row, numbering))
    sites, usual, frequency = usual_diplotype(gene, catalog)
    assayed = diplotypes.status is not CallStatus.NOT_ASSAYED
    rarer = assayed and bool(usual) and _likeliest(diplotypes, sites) != usual
    return ReportedGene(
        id=gene.id,
        name=gene.name,
        protein=gene.protein,
        summary=gene.summary,
        status=diplotypes.status,
        status_text=STATUS_TEXTS[diplotypes.status] if shown or assayed else _UNUSED,
        differs=rarer or (assayed and any(a.unusual for a in shown)),
        rarer_diplotype=rarer,
        diplotypes=tuple(NamedProbability(name=clean(n), probability=p) for n, p in diplotypes.by_name()[:_SHOWN]) if assayed else (),
        usual_probability=frequency,
        sites=tuple(_with_inferred(_site(site.id, site.name, observed.get(site.id)), diplotypes) for site in gene.sites),
        activities=shown,
        copies=_copies(diplotypes),
        copies_known=diplotypes.copies_known,
        claims=report_claims((c for c in catalog.claims.values() if c.gene == gene.id), observed, numbering, _counts(diplotypes)),
        unseen=tuple(u.name for u in gene.unseen),
        limits=gene.limits,
    )


def _order(gene: ReportedGene) -> tuple[bool, bool, bool, bool, float]:
    """Put what is unusual first: rarer diplotypes, clear differences before others, by the size of what follows.

    Genes that act on nothing in the model come last.
    """
    medians = [a.median for a in gene.activities if a.median > 0]
    furthest = max((abs(float(np.log(m))) for m in medians), default=0.0)
    dark = gene.status is CallStatus.NOT_ASSAYED
    return not gene.activities, dark, not gene.rarer_diplotype, not any(a.unusual for a in gene.activities), -furthest


# ---------------------------------------------------------------- copies


def _counts(diplotypes: GeneDiplotypes) -> frozenset[int]:
    known = diplotypes.copies_known not in (None, SiteState.NOT_ASSAYED)
    return frozenset(entry.copies for entry in diplotypes.copies) if known else frozenset()


def _copies(diplotypes: GeneDiplotypes) -> str:
    """Return in words how many copies of the gene there are; nothing where everybody has two."""
    if diplotypes.copies_known is None:
        return ""
    words = [counted(entry.copies, "copy", "copies") for entry in diplotypes.copies]
    if diplotypes.copies_known is SiteState.NOT_ASSAYED:
        shares = listed(f"{entry.copies} in {percent(entry.weight)}" for entry in diplotypes.copies)
        return f"number of copies not seen; people have {shares}"
    return f"{listed(words, 'or')} of the gene: {clean(diplotypes.copies_origin)}"


# ---------------------------------------------------------------- sites


def _site(identifier: str, name: str, observation: SiteObservation | None) -> ReportedSite:
    if observation is None or observation.state is SiteState.NOT_ASSAYED:
        origin = clean(observation.origin) if observation else ""
        return ReportedSite(id=identifier, name=name, state=SiteState.NOT_ASSAYED, alleles="not assayed", origin=origin)
    return ReportedSite(
        id=identifier,
        name=name,
        state=observation.state,
        alleles=alleles_in_words(observation.compatible),
        origin=clean(observation.origin),
        flags=tuple(clean(flag) for flag in observation.flags),
    )


def _with_inferred(site: ReportedSite, diplotypes: GeneDiplotypes) -> ReportedSite:
    """Return the site with what linkage says of it, as far as the file leaves it open."""
    likely = [s for s in diplotypes.inferred_sites if s.site == site.id][:_SHOWN]
    named = tuple(NamedProbability(name=alleles_in_words((s.alleles,)), probability=s.probability) for s in likely)
    return site.model_copy(update={"inferred": named})


def alleles_in_words(compatible: tuple[tuple[str, ...], ...]) -> str:
    """Return allele pairs in plain words: ``one G and one A``, ``two copies of G``, ``either … or …``."""
    spoken = []
    for pair in dict.fromkeys(tuple(sorted(p)) for p in compatible):
        different = dict.fromkeys(clean(a) for a in pair)
        if len(different) > 1:
            spoken.append(" and ".join(f"one {a}" for a in different))
        else:
            spoken.extend(f"{counted(len(pair), 'copy', 'copies')} of {a}" for a in different)
    if len(spoken) > _SHOWN:
        return f"one of {counted(len(spoken), 'possible pair')}"
    return spoken[0] if len(spoken) == 1 else "either " + ", or ".join(spoken)


# ---------------------------------------------------------------- diplotypes

Pair = tuple[tuple[str, ...], ...]


def usual_diplotype(gene: Gene, catalog: Catalog) -> tuple[tuple[str, ...], Pair, float | None]:
    """Return the defining sites, the most frequent pair of haplotypes at them, and its frequency under random pairing."""
    table = catalog.haplotypes.get(gene.id)
    if table is None or not table.counts:
        return (), (), None
    sites = tuple(site.id for site in gene.sites if site.defining and site.id in table.sites)
    places = [table.sites.index(site) for site in sites]
    frequencies: dict[tuple[str, ...], float] = {}
    for haplotype, frequency in zip(table.haplotypes, equal_population_frequencies(table), strict=True):
        key = tuple(haplotype[i] for i in places)
        frequencies[key] = frequencies.get(key, 0.0) + float(frequency)
    first, *others = sorted(frequencies, key=lambda k: (-frequencies[k], k))
    best: Pair = (first, first)
    probability = frequencies[first] ** 2
    if others and 2 * frequencies[others[0]] > frequencies[first]:
        best = tuple(sorted((first, others[0])))
        probability = 2 * frequencies[first] * frequencies[others[0]]
    return sites, best, probability


def _likeliest(diplotypes: GeneDiplotypes, sites: tuple[str, ...]) -> Pair:
    """Return the most probable pair of haplotypes at ``sites``."""
    places = [diplotypes.sites.index(site) for site in sites if site in diplotypes.sites]
    return tuple(sorted(tuple(h.alleles[i] for i in places) for h in diplotypes.options[0].haplotypes)) if diplotypes.options else ()


# ---------------------------------------------------------------- activities


def _activities(gene: str, activities: Activities, row: int, numbering: Numbering) -> Iterator[ReportedActivity]:
    for column, term in enumerate(activities.terms):
        if term.gene != gene:
            continue
        low, median, high = quantiles(activities.values[row, :, column])
        yield ReportedActivity(
            reaction=term.reaction,
            tissue=term.tissue,
            label=f"{phrase(term.reaction)}, {phrase(term.tissue)}",
            median=median,
            interval90=(low, high),
            unusual=low > 1 or high < 1,
            worst_state=term.worst_state,
            references=numbering.cite_all(term.sources),
        )


def quantiles(values: FloatArray) -> tuple[float, float, float]:
    """Return the 5th, 50th and 95th percentile."""
    low, median, high = (float(q) for q in np.percentile(values, [_LOW, _MIDDLE, _HIGH]))
    return low, median, high
