"""From the diplotypes of people to their relative activities.

The activity of a person is the mean over the chromosome copies, divided by the frequency-weighted mean of the reference
population under the same draw of the effect sizes: 1 is the average genotype of that population. Where whole copies of the gene may be
missing or doubled it is proportional to their number. Draws of an ambiguous diplotype are the mixture of its options. The random
streams belong to the gene and not to the person, so somebody in a cohort gets the same numbers as alone, and differences between two
people are differences in genotype.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from estrogenome.activities.effects import Panel, acts_on, copy_activities, copy_ratio, draw_multiples, draw_unseen, panel
from estrogenome.activities.enzymes import enzyme_terms
from estrogenome.core.records import Activities, ActivityTerm
from estrogenome.core.uncertainty import State, stream, worst

if TYPE_CHECKING:
    from estrogenome.catalog.genes import Catalysis, Gene
    from estrogenome.catalog.load import Catalog
    from estrogenome.core.genotype_records import Diplotypes, GeneDiplotypes
    from estrogenome.core.records import FloatArray, IntArray


def infer_activities(diplotypes: Diplotypes, catalog: Catalog, *, draws: int, seed: int) -> Activities:
    """Return relative activities, ``values`` of shape (person, draw, term), one term per gene, reaction and tissue.

    A gene of the catalog that ``diplotypes`` does not hold is the reference mixture: unknown, not normal.
    """
    terms: list[ActivityTerm] = []
    columns: list[FloatArray] = []
    for gene in catalog.genes.values():
        reference = panel(gene, catalog)
        results, index = _results(gene, reference, diplotypes)
        multiples = draw_multiples(gene, draws, seed)
        unseen = draw_unseen(gene, draws, seed)
        uniform = stream(seed, f"diplotype/{gene.id}").random(draws)
        numbers = stream(seed, f"copies/{gene.id}").random(draws)
        own = [() if isinstance(r, Panel) else r.copies for r in results]
        drawn_ratio = np.stack([copy_ratio(gene, copies, numbers) for copies in own])
        mean_ratio = np.concatenate([copy_ratio(gene, copies, None) for copies in own])
        for catalysis in gene.catalyses:
            scale = reference_mean(gene, catalysis, reference, multiples.drawn)
            median_scale = reference_mean(gene, catalysis, reference, multiples.median)
            drawn = np.stack([_mixture(gene, catalysis, r, multiples.drawn, uniform) for r in results]) * drawn_ratio
            means = np.array([_mean(gene, catalysis, r, multiples.median) for r in results]) / median_scale * mean_ratio
            columns.append((drawn / scale * unseen)[index])
            terms.append(describe(gene, catalysis, tuple(float(m) for m in means[index])))
    for values, term in enzyme_terms(catalog, len(diplotypes.samples), draws, seed):
        columns.append(values)
        terms.append(term)
    shape = (len(diplotypes.samples), draws, 0)
    return Activities(
        samples=diplotypes.samples,
        terms=tuple(terms),
        values=np.stack(columns, axis=-1) if columns else np.empty(shape),
        provenance=diplotypes.provenance.model_copy(update={"seed": seed, "draws": draws}),
    )


def describe(gene: Gene, catalysis: Catalysis, means: tuple[float, ...]) -> ActivityTerm:
    """Return the term of ``catalysis``; its state is the worst among the effects and unseen variation behind it.

    A gene of which no effect was read keeps the average: that is an assumption, not a measurement.
    """
    sizes = [e.multiple for e in gene.effects if acts_on(e, catalysis)] + [u.log_sd for u in gene.unseen]
    sizes += [entry.share for entry in gene.copies.shares] if gene.copies else []
    disputes = [s for e in gene.effects if acts_on(e, catalysis) for s in e.contradicted_by]
    return ActivityTerm(
        gene=gene.id,
        reaction=catalysis.reaction,
        tissue=catalysis.tissue,
        mean=means,
        worst_state=worst([State(size.state) for size in sizes] or [State.ASSUMED]),
        sources=tuple(sorted({size.source for size in sizes} | set(disputes))),
    )


def _results(gene: Gene, reference: Panel, diplotypes: Diplotypes) -> tuple[list[GeneDiplotypes | Panel], IntArray]:
    """Return the distinct results of ``gene`` and, for each person, which of them is theirs, shape (person,)."""
    if gene.id not in diplotypes.genes:
        return [reference], np.zeros(len(diplotypes.samples), dtype=np.int64)
    column = diplotypes.index[:, diplotypes.genes.index(gene.id)]
    distinct, index = np.unique(column, return_inverse=True)
    found = [diplotypes.results[int(i)] for i in distinct]
    return [result if result.options else reference for result in found], np.asarray(index, dtype=np.int64).reshape(-1)


def reference_mean(gene: Gene, catalysis: Catalysis, reference: Panel, multiples: FloatArray) -> FloatArray:
    """Return the frequency-weighted mean over the reference haplotypes, shape (draw,)."""
    mean: FloatArray = reference.frequencies @ copy_activities(gene, catalysis, reference.sites, reference.haplotypes, multiples)
    return mean


def _mixture(gene: Gene, catalysis: Catalysis, result: GeneDiplotypes | Panel, multiples: FloatArray, uniform: FloatArray) -> FloatArray:
    """Return the mean over copies of the option that each draw falls into, shape (draw,)."""
    if isinstance(result, Panel):
        copies = copy_activities(gene, catalysis, result.sites, result.haplotypes, multiples)
        first, second = _split(uniform, result.frequencies)
        every = np.arange(multiples.shape[1])
        pair: FloatArray = (copies[first, every] + copies[second, every]) / 2
        return pair
    options = options_of(gene, catalysis, result, multiples)
    chosen = choose(uniform, np.array([option.weight for option in result.options]))
    drawn: FloatArray = options[chosen, np.arange(multiples.shape[1])]
    return drawn


def _mean(gene: Gene, catalysis: Catalysis, result: GeneDiplotypes | Panel, median: FloatArray) -> float:
    """Return the exact weighted mean over the mixture at median effect sizes."""
    if isinstance(result, Panel):
        return float(reference_mean(gene, catalysis, result, median)[0])
    weights = np.array([option.weight for option in result.options])
    return float(weights @ options_of(gene, catalysis, result, median)[:, 0] / weights.sum())


def options_of(gene: Gene, catalysis: Catalysis, result: GeneDiplotypes, multiples: FloatArray) -> FloatArray:
    """Return the mean over copies of each option of ``result``, shape (option, draw)."""
    distinct = sorted({h.alleles for option in result.options for h in option.haplotypes})
    copies = copy_activities(gene, catalysis, result.sites, distinct, multiples)
    row = {alleles: i for i, alleles in enumerate(distinct)}
    return np.stack([copies[[row[h.alleles] for h in option.haplotypes]].mean(axis=0) for option in result.options])


def choose(uniform: FloatArray, weights: FloatArray) -> IntArray:
    """Return, for each uniform number, the option it falls into when options lie end to end by weight."""
    edges = np.cumsum(weights / weights.sum())
    return np.minimum(np.searchsorted(edges, uniform, side="right"), len(weights) - 1)


def _split(uniform: FloatArray, frequencies: FloatArray) -> tuple[IntArray, IntArray]:
    """Return two independent choices from one uniform number: what is left within the first interval chooses the second."""
    first = choose(uniform, frequencies)
    edges = np.concatenate([np.zeros(1), np.cumsum(frequencies / frequencies.sum())])
    rest = (uniform - edges[first]) / (edges[first + 1] - edges[first])
    return first, choose(rest, frequencies)
