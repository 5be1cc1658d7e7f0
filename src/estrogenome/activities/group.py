"""Activities of a group that is known by its genotype: the mean over everybody who has it.

Unlike ``infer_activities``, which draws one person, nothing unseen is drawn and a mixture of diplotypes is averaged: the mean of a group
of people, not one of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from estrogenome.activities.combine import describe, options_of, reference_mean
from estrogenome.activities.effects import copy_ratio, draw_multiples, panel
from estrogenome.activities.enzymes import enzyme_terms
from estrogenome.core.provenance import digest_text, package_version
from estrogenome.core.records import Activities, Provenance

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from estrogenome.catalog.genes import Gene
    from estrogenome.catalog.load import Catalog
    from estrogenome.core.genotype_records import GeneDiplotypes
    from estrogenome.core.records import ActivityTerm, FloatArray

_SAMPLE = "group"


def group_activities(known: Mapping[str, GeneDiplotypes], catalog: Catalog, *, draws: int, seed: int | None) -> Activities:
    """Return mean activities of people with the genotypes ``known`` (gene → its diplotypes), shape (1, draws, term).

    A gene that is not in ``known`` has 1, the mean of the reference population; one without options has that of its copies. Effect
    sizes come from the streams of ``infer_activities``; without a ``seed`` they are the medians.
    """
    terms: list[ActivityTerm] = []
    columns: list[FloatArray] = []
    for gene in catalog.genes.values():
        result = known.get(gene.id)
        for values, term in _terms(gene, result, catalog, draws, seed):
            columns.append(values)
            terms.append(term)
    for (values,), term in enzyme_terms(catalog, 1, draws, None):
        columns.append(values)
        terms.append(term)
    return Activities(
        samples=(_SAMPLE,),
        terms=tuple(terms),
        values=np.stack(columns, axis=-1)[None] if columns else np.empty((1, draws, 0)),
        provenance=Provenance(
            version=package_version(),
            knowledge_version=catalog.version,
            knowledge_hash=catalog.digest,
            input_digest=digest_text(_SAMPLE),
            seed=seed,
            draws=draws,
        ),
    )


def _terms(
    gene: Gene, result: GeneDiplotypes | None, catalog: Catalog, draws: int, seed: int | None
) -> list[tuple[FloatArray, ActivityTerm]]:
    if result is None:
        return [(np.ones(draws), describe(gene, catalysis, (1.0,))) for catalysis in gene.catalyses]
    multiples = draw_multiples(gene, draws, seed or 0)
    drawn = multiples.median if seed is None else multiples.drawn
    reference = panel(gene, catalog)
    ratio = float(copy_ratio(gene, result.copies, None)[0])
    weights = np.array([option.weight for option in result.options])
    found = []
    for catalysis in gene.catalyses:
        mean = reference_mean(gene, catalysis, reference, drawn)
        own = weights @ options_of(gene, catalysis, result, drawn) / weights.sum() if result.options else mean
        values = np.broadcast_to(own / mean * ratio, (draws,))
        found.append((values, describe(gene, catalysis, (float(values.mean()),))))
    return found


def gene_by_gene(other: Activities, own: Activities, genes: Sequence[str]) -> Activities:
    """Return ``other``, and after it, for each of ``genes``, ``other`` with the activities of that gene alone taken from ``own``.

    Both hold one person and the same draws; shape (1 + genes, draw, term), samples named after the genes.
    """
    where = [np.array([term.gene == gene for term in own.terms]) for gene in genes]
    values = [other.values[0], *(np.where(mine, own.values[0], other.values[0]) for mine in where)]
    terms = tuple(
        theirs.model_copy(update={"mean": (theirs.mean[0], *(mine.mean[0] if theirs.gene == gene else theirs.mean[0] for gene in genes))})
        for mine, theirs in zip(own.terms, other.terms, strict=True)
    )
    return Activities(samples=(other.samples[0], *genes), terms=terms, values=np.stack(values), provenance=own.provenance)
