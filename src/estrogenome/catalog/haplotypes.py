"""Haplotype frequencies of the reference population, the same for everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from estrogenome.core.errors import KnowledgeError

if TYPE_CHECKING:
    from estrogenome.catalog.genes import Gene
    from estrogenome.catalog.load import HaplotypeTable
    from estrogenome.core.records import FloatArray

STATED_TOTAL = 10_000
"""Copies a population that published frequencies stand for: none is known more exactly than that."""


def equal_population_frequencies(table: HaplotypeTable) -> FloatArray:
    """Return the frequency of each haplotype of ``table``, shape (haplotype,), sum 1.

    Each population of the table weighs the same, however many people were sampled in it.

    Raises:
        KnowledgeError: the table counts nobody.
    """
    counts = np.array([table.counts[population] for population in sorted(table.counts)], dtype=np.float64)
    totals = counts.sum(axis=1) if counts.size else counts
    seen = totals > 0
    if not seen.any():
        raise KnowledgeError("a haplotype table counts nobody; rebuild knowledge/derived/haplotypes")
    frequencies: FloatArray = (counts[seen] / totals[seen, None]).mean(axis=0)
    return frequencies


def stated_haplotypes(gene: Gene) -> tuple[tuple[tuple[str, ...], ...], dict[str, tuple[int, ...]]]:
    """Return haplotypes over the gene's sites and their counts by population, from the frequencies that the gene file states.

    Both are empty unless every allele but the default has a frequency in the same populations. The default takes the rest.
    """
    others = [named for named in gene.alleles if named.name != gene.default]
    populations = set(others[0].frequencies) if others else set()
    if not populations or any(set(named.frequencies) != populations for named in others):
        return (), {}
    haplotypes = [gene.default_alleles, *(gene.default_alleles | named.carries for named in others)]
    counts = {}
    for population in sorted(populations):
        own = [round(named.frequencies[population].value * STATED_TOTAL) for named in others]
        counts[population] = (max(STATED_TOTAL - sum(own), 0), *own)
    return tuple(tuple(carried[site.id] for site in gene.sites) for carried in haplotypes), counts
