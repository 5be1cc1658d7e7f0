"""How frequent haplotypes are, those included that the panel lacks.

In each population a haplotype weighs its panel count plus a pseudocount times the product of its allele
frequencies; frequencies are then averaged over populations, each weighing the same: nobody's ancestry is assumed
(unless the user names one).
Where the gene has no panel, every allele of a site is taken as equally frequent, and nothing beyond.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from estrogenome.core.errors import InputError

if TYPE_CHECKING:
    from estrogenome.catalog.genes import Gene
    from estrogenome.catalog.load import Catalog, HaplotypeTable
    from estrogenome.core.records import FloatArray, IntArray


@dataclass(frozen=True)
class Prior:
    """Haplotypes as rows of allele numbers over the gene's sites.

    ``panel``: shape (haplotype, site), -1 where the panel has no such site; ``shares``: (population, haplotype), rows sum to
    at most 1; ``frequencies[site]``: (population, allele); ``novelty``: (population,), the share of haplotypes the panel lacks.
    """

    panel: IntArray
    shares: FloatArray
    frequencies: tuple[FloatArray, ...]
    novelty: FloatArray

    def of(self, haplotypes: IntArray) -> FloatArray:
        """Return the prior of each haplotype by population, shape (population, haplotype)."""
        independent = np.ones((len(self.novelty), len(haplotypes)))
        for site, frequency in enumerate(self.frequencies):
            independent *= frequency[:, haplotypes[:, site]]
        result = self.novelty[:, None] * independent
        if (self.panel >= 0).all():
            return np.asarray(result + self._share_of(haplotypes))
        for row, share in zip(self.panel, self.shares.T, strict=True):
            known = row >= 0
            same = (haplotypes[:, known] == row[known]).all(axis=1)
            weight = np.ones((len(self.novelty), int(same.sum())))
            for site in np.flatnonzero(~known).tolist():
                weight *= self.frequencies[site][:, haplotypes[same, site]]
            result[:, same] += share[:, None] * weight
        return result

    def _share_of(self, haplotypes: IntArray) -> FloatArray:
        """Return the share of each haplotype in a panel that has every site, 0 where it lacks it; rows are compared as whole numbers."""
        if not len(self.panel):
            return np.zeros((len(self.novelty), len(haplotypes)))
        sizes = [frequency.shape[1] for frequency in self.frequencies]
        places = np.cumprod([1, *sizes[:-1]], dtype=np.int64)
        known, wanted = self.panel @ places, haplotypes @ places
        order = np.argsort(known)
        found = order[np.minimum(np.searchsorted(known, wanted, sorter=order), len(known) - 1)]
        return np.where(known[found] == wanted, self.shares[:, found], 0.0)


def check_ancestry(catalog: Catalog, name: str | None) -> None:
    """Check that a population is counted in some haplotype table.

    Raises:
        InputError: it is not.
    """
    known = sorted({population for table in catalog.haplotypes.values() for population in table.counts})
    if name is not None and name not in known:
        raise InputError(f"ancestry {name}: not a population of the haplotype tables; give one of {', '.join(known)}, or leave it out")


def build_prior(
    gene: Gene,
    table: HaplotypeTable | None,
    *,
    haplotype_pseudocount: float,
    allele_pseudocount: float,
    population: str | None = None,
) -> Prior:
    """Return the prior of a gene from its panel table, of one population or of all; a flat one without a table."""
    numbers = [{allele: i for i, allele in enumerate(site.alleles)} for site in gene.sites]
    if table is None or not table.haplotypes:
        flat = tuple(np.full((1, len(site.alleles)), 1 / len(site.alleles)) for site in gene.sites)
        return Prior(np.zeros((0, len(gene.sites)), dtype=np.int64), np.zeros((1, 0)), flat, np.ones(1))
    place = {site: i for i, site in enumerate(table.sites)}
    rows = [
        [numbers[s].get(haplotype[place[site.id]], -1) if site.id in place else -1 for s, site in enumerate(gene.sites)]
        for haplotype in table.haplotypes
    ]
    panel = np.array(rows, dtype=np.int64)
    counted = [p for p in sorted(table.counts) if sum(table.counts[p])]
    own = [population] if population in counted else counted
    counts = np.array([table.counts[p] for p in own], dtype=np.float64)
    frequencies = []
    for s, site in enumerate(gene.sites):
        seen = np.stack([counts[:, panel[:, s] == a].sum(axis=1) for a in range(len(site.alleles))], axis=1)
        smoothed = seen + allele_pseudocount
        frequencies.append(smoothed / smoothed.sum(axis=1, keepdims=True))
    totals = counts.sum(axis=1) + haplotype_pseudocount
    return Prior(panel, counts / totals[:, None], tuple(frequencies), haplotype_pseudocount / totals)
